import { DASHES, colourVar } from './channel-look.ts'

/** A short piece of a channel's line: its colour, its dash and what stands at its end. */
export function Swatch(props: { index: number; tag: string | null; off?: boolean }) {
  const { index, tag, off = false } = props
  const ink = off ? 'var(--edge)' : `var(${colourVar(index)})`
  return (
    <span className="inline-flex shrink-0 items-center gap-1" aria-hidden="true">
      <svg width="18" height="8" className="shrink-0">
        <line
          x1="0"
          x2="18"
          y1="4"
          y2="4"
          stroke={ink}
          strokeWidth="2.5"
          strokeDasharray={DASHES[index % DASHES.length]!.join(' ')}
        />
      </svg>
      {tag !== null && (
        <span className="min-w-3 text-xs font-semibold" style={{ color: ink }}>
          {tag}
        </span>
      )}
    </span>
  )
}
