import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** Drawn on 16 × 16 with a stroke of 1.6; `fill` marks the solid ones. */
const SHAPES = {
  play: <path d="M4.5 3v10l8.5-5z" fill="currentColor" />,
  pause: <path d="M5 3.5v9M11 3.5v9" strokeWidth="2.6" />,
  stop: <rect x="3.8" y="3.8" width="8.4" height="8.4" rx="1.4" fill="currentColor" stroke="none" />,
  check: <path d="m3 8.5 3.4 3.4L13 4.8" strokeWidth="2" />,
  cross: <path d="m4 4 8 8m0-8-8 8" strokeWidth="1.8" />,
  clock: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 4.8V8l2.2 1.6" />
    </>
  ),
  ban: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="m4 4 8 8" />
    </>
  ),
  question: (
    <>
      <path d="M5.6 6a2.4 2.4 0 1 1 3.5 2.2c-.8.4-1.1.8-1.1 1.7" />
      <circle cx="8" cy="12.4" r=".5" fill="currentColor" />
    </>
  ),
  spinner: <path d="M8 2.2a5.8 5.8 0 1 1-5.8 5.8" />,
  upload: <path d="M8 10.5V3M4.8 6 8 2.8 11.2 6M3 13h10" />,
  warning: (
    <>
      <path d="M8 2.4 14.2 13H1.8z" />
      <path d="M8 6.4v3" />
      <circle cx="8" cy="11.3" r=".4" fill="currentColor" />
    </>
  ),
  info: (
    <>
      <circle cx="8" cy="8" r="5.8" />
      <path d="M8 7.4v3.4" />
      <circle cx="8" cy="5" r=".4" fill="currentColor" />
    </>
  ),
  bell: (
    <path d="M4 11.2h8c-.8-.9-1-1.7-1-3.9a3 3 0 0 0-6 0c0 2.2-.2 3-1 3.900ZM6.8 13.200a1.3 1.3 0 0 0 2.4 0" />
  ),
  bellOn: (
    <path
      d="M4 11.2h8c-.8-.9-1-1.7-1-3.9a3 3 0 0 0-6 0c0 2.2-.2 3-1 3.900ZM6.8 13.200a1.3 1.3 0 0 0 2.4 0"
      fill="currentColor"
    />
  ),
  search: (
    <>
      <circle cx="7" cy="7" r="4.2" />
      <path d="m10.2 10.2 3.3 3.3" />
    </>
  ),
  plus: <path d="M8 3v10M3 8h10" />,
  chevronDown: <path d="m4 6 4 4 4-4" />,
  chevronRight: <path d="m6 4 4 4-4 4" />,
  chevronLeft: <path d="m10 4-4 4 4 4" />,
  arrowUp: <path d="M8 13V3.500M4 7l4-4 4 4" />,
  arrowDown: <path d="M8 3v9.500M4 9l4 4 4-4" />,
  tasks: <path d="M2.5 4h2m2 0h7M2.5 8h2m2 0h7M2.5 12h2m2 0h7" />,
  device: (
    <>
      <rect x="2.5" y="4" width="11" height="8" rx="1.5" />
      <path d="M5 8h2l1-1.8 1.2 3.400L10 8h1.2" strokeWidth="1.3" />
    </>
  ),
  plot: <path d="M2.5 2.500v11h11M4.5 10.500l2.500-4 2.500 2 3.500-5" />,
  wall: <path d="M2.5 3.500h11v9h-11zM8 3.500v9M8 8h5.5" />,
  source: <path d="M8 5.500v5M4.5 5.500h7v-3h-7zM2.5 13.500h4v-3h-4zM9.5 13.500h4v-3h-4z" />,
  grid: <path d="M3 3h4v4H3zM9 3h4v4H9zM3 9h4v4H3zM9 9h4v4H9z" />,
  table: <path d="M2.5 3.500h11v9h-11zM2.5 6.500h11M2.5 9.500h11M6 6.500v6" />,
  sun: (
    <>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.500v1.400M8 13.100v1.400M1.5 8h1.400M13.1 8h1.400M3.4 3.400l1 1M11.6 11.600l1 1M3.4 12.600l1-1M11.6 4.400l1-1" />
    </>
  ),
  moon: <path d="M13 9.600A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.600Z" />,
  system: <path d="M2.5 3h11v7.500h-11zM5.5 13.500h5M8 10.5v3" />,
  copy: <path d="M5.5 5.500h8v8h-8zM3.5 10.5h-1v-8h8v1" />,
  download: <path d="M8 2.500V10M4.8 7 8 10.2 11.2 7M3 13h10" />,
  refresh: <path d="M13 8a5 5 0 1 1-1.6-3.700M13 2.500v2.800h-2.8" />,
  external: <path d="M9 3h4v4M13 3 7.5 8.500M11 9.500V13H3V5h3.5" />,
  expand: <path d="M9.5 2.500h4v4M6.5 13.500h-4v-4M13.5 2.500l-5 5M2.5 13.500l5-5" />,
  collapse: <path d="M13 6.500H9.500V3M3 9.500h3.500V13M9.5 6.500l4-4M6.5 9.500l-4 4" />,
  filter: <path d="M2.5 4h11M4.5 8h7M6.5 12h3" />,
  more: <path d="M3.5 8h.01M8 8h.01M12.5 8h.01" strokeWidth="2.4" />,
  trash: <path d="M3 4.500h10M6.5 4.500V3h3v1.500M4.5 4.500l.6 8.500h5.800l.6-8.5" />,
  unlink: (
    <path d="M6.5 9.5 4.6 11.400a2.3 2.3 0 0 1-3.2-3.200l1.9-1.900M9.5 6.500l1.9-1.900a2.3 2.3 0 0 1 3.2 3.200l-1.9 1.900M5.5 3.500V2M3.5 5.500H2M10.5 12.500V14M12.5 10.5H14" />
  ),
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof SHAPES

/** Decoration only: the word beside it carries the meaning. */
export function Icon(props: { name: IconName; size?: number; turning?: boolean; className?: string }) {
  const { name, size = 16, turning = false, className } = props
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className={classes('shrink-0', turning && 'animate-turn', className)}
    >
      {SHAPES[name]}
    </svg>
  )
}
