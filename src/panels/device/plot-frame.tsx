import { useId, type ReactNode } from 'react'
import '../plot/plot.css'

/** A plot's heading, tools and body, framed by a hairline. */
export function PlotFrame(props: {
  title: string
  unit: string | null
  tools?: ReactNode
  /** The only plot: its list may stand at its side. */
  alone?: boolean
  /** Takes the whole width. */
  wide?: boolean
  children: ReactNode
}) {
  const { title, unit, tools, alone, wide, children } = props
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className="plot-card"
      data-wide={wide || undefined}
      data-alone={alone || undefined}
    >
      <header className="flex min-h-9 flex-wrap items-center gap-x-2 gap-y-1 pt-1 pr-2 pl-3">
        <h3 id={id} className="said min-w-0 font-medium">
          {title}
        </h3>
        {unit && <span className="text-sm text-faint">{unit}</span>}
        {tools && <div className="ml-auto flex items-center gap-1">{tools}</div>}
      </header>
      {children}
    </section>
  )
}
