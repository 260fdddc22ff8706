import { useId, type ReactNode } from 'react'

/** A plot's heading, tools and body, framed by a hairline. */
export function PlotFrame(props: {
  title: string
  unit: string | null
  tools?: ReactNode
  /** The only plot: its list may stand at its side. */
  alone?: boolean
  /** Goes before all others, with the room that there is. */
  lead?: boolean
  /** Takes the whole width. */
  wide?: boolean
  children: ReactNode
}) {
  const { title, unit, tools, alone, lead, wide, children } = props
  const id = useId()
  return (
    // No landmark: a wall has many plots of one name.
    <div
      role="group"
      aria-labelledby={id}
      className="plot-card"
      data-wide={wide || undefined}
      data-alone={alone || undefined}
      data-lead={lead || undefined}
    >
      <header className="plot-head flex items-center gap-x-2 pr-2 pl-3">
        <h3 id={id} title={title} className="said-line font-medium">
          {title}
        </h3>
        {unit && <span className="shrink-0 text-sm text-faint">{unit}</span>}
        {tools && <div className="plot-tools ml-auto flex shrink-0 items-center gap-0.5">{tools}</div>}
      </header>
      {children}
    </div>
  )
}
