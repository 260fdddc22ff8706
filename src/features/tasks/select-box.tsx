import { memo } from 'react'
import { classes } from '#ui/classes.ts'
import { select, useSelected } from './selection.ts'

export const SelectBox = memo(function SelectBox(props: { taskKey: string; id: string; className?: string }) {
  const { taskKey, id, className } = props
  const checked = useSelected(taskKey)
  return (
    <label className={classes('grid size-6 cursor-pointer place-items-center', className)}>
      <input
        type="checkbox"
        aria-label={`Select ${id}`}
        checked={checked}
        onChange={(event) => {
          select(taskKey, event.target.checked)
        }}
        className="size-3.5 cursor-pointer accent-accent"
      />
    </label>
  )
})
