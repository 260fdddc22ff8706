import type { ReactNode } from 'react'
import { classes } from './classes.ts'

/** One choice of a list that is steered from a text field; the field keeps the focus. */
export function ListboxOption(props: {
  id: string
  active: boolean
  onPick: () => void
  onPoint: () => void
  children: ReactNode
  className?: string
}) {
  const { id, active, onPick, onPoint, children, className } = props
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the keys are those of the field
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      onMouseDown={(event) => {
        event.preventDefault()
      }}
      onClick={onPick}
      onPointerMove={() => {
        if (!active) onPoint()
      }}
      className={classes('aria-selected:bg-sel', className)}
    >
      {children}
    </div>
  )
}
