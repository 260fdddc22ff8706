import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

/** Why there is nothing here, and what to do about it. */
export function EmptyState(props: {
  /** Of the heading: 1 where this is all there is on a page. */
  level?: 1 | 2
  icon?: IconName
  title: string
  children?: ReactNode
  actions?: ReactNode
}) {
  const Heading = props.level === 1 ? 'h1' : 'h2'
  return (
    <div className="mx-auto grid max-w-[440px] justify-items-center gap-2 px-4 py-16 text-center">
      {props.icon && (
        <span className="mb-1 grid size-10 place-items-center rounded-full border border-line2 bg-panel text-faint">
          <Icon name={props.icon} size={18} />
        </span>
      )}
      <Heading className="text-[15px] font-semibold">{props.title}</Heading>
      {props.children && <div className="max-w-full text-pretty text-mute">{props.children}</div>}
      {props.actions && <div className="mt-2 flex flex-wrap justify-center gap-2">{props.actions}</div>}
    </div>
  )
}
