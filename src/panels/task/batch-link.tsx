import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useList } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'

/** The batch a task was started in, by its name; where there is no room for that, by a sign. */
export const BatchLink = memo(function BatchLink(props: {
  id: string
  asIcon?: boolean
  className?: string
}) {
  const { id, asIcon = false, className } = props
  const name = useList('batches', (state) => state.items.get(id)?.name)
  const words = name === undefined ? `Batch ${id}` : `Batch: ${name}`
  return (
    <Link
      to="/batches/$batchId"
      params={{ batchId: id }}
      title={words}
      aria-label={asIcon ? words : undefined}
      className={classes('hover:text-ink hover:underline', className)}
    >
      {asIcon ? <Icon name="grid" size={13} /> : (name ?? 'batch')}
    </Link>
  )
})
