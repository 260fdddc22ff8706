import { useId, type ReactNode } from 'react'
import { classes } from './classes.ts'

/** A framed part of a page with a title row. */
export function Panel(props: {
  title: string
  /** Quiet words after the title. */
  aside?: ReactNode
  actions?: ReactNode
  children: ReactNode
  className?: string
}) {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={classes(
        'flex min-w-0 flex-col rounded-lg border border-line bg-panel shadow-cast',
        props.className,
      )}
    >
      <header className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-3 py-1">
        <h2 id={id} className="font-medium">
          {props.title}
        </h2>
        {props.aside && <span className="text-sm text-faint">{props.aside}</span>}
        {props.actions && <div className="ml-auto flex items-center gap-2">{props.actions}</div>}
      </header>
      {props.children}
    </section>
  )
}
