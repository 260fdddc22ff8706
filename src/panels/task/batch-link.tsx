import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { useList } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'

/** The batch a task was started in, by its name. */
export const BatchLink = memo(function BatchLink(props: { id: string; className?: string }) {
  const { id, className } = props
  const name = useList('batches', (state) => state.items.get(id)?.name)
  return (
    <Link
      to="/batches/$batchId"
      params={{ batchId: id }}
      title={name === undefined ? `Batch ${id}` : `Batch: ${name}`}
      className={classes('hover:text-ink hover:underline', className)}
    >
      {name ?? 'batch'}
    </Link>
  )
})
