import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Batch } from '#model/batch.ts'
import { ListAge } from '#panels/list-age.tsx'
import { useList, useNow } from '#streams/react.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { BatchStatus } from './batch-status.tsx'
import { useCounts } from './use-batch.ts'

/** The batches that the relay keeps, the newest first. */
export function BatchesPage() {
  const items = useList('batches', (state) => state.items)
  const ready = useList('batches', (state) => state.ready)
  const batches = useMemo(() => [...items.values()].sort((a, b) => b.startedAt - a.startedAt), [items])
  if (!ready) return <Waiting className="justify-center px-4 py-16">Reading the batches</Waiting>
  if (batches.length === 0)
    return (
      <EmptyState level={1} icon="grid" title="No batches yet">
        A batch runs one app or task type with many inputs: New task, then Seeds, Rows or Grid.
      </EmptyState>
    )
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 px-4 pt-3 pb-16 sm:px-[18px]">
      <nav aria-label="Breadcrumb" className="-mb-1.5 text-sm text-faint">
        <Link to="/" className="inline-flex items-center gap-1 hover:text-ink">
          <Icon name="chevronLeft" size={12} />
          Tasks
        </Link>
      </nav>
      <div className="flex items-baseline gap-3">
        <h1 className="text-lg/7 font-semibold">Batches</h1>
        <ListAge topic="batches" />
      </div>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,340px),1fr))] gap-3">
        {batches.map((batch) => (
          <BatchItem key={batch.id} batch={batch} />
        ))}
      </ul>
    </div>
  )
}

function BatchItem(props: { batch: Batch }) {
  const { batch } = props
  const counts = useCounts(batch)
  const now = useNow(60_000)
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] content-start gap-2 rounded-lg border border-line bg-panel px-3 py-2.5 shadow-cast">
      <div>
        <h2 className="said-line text-base font-medium">
          <Link to="/batches/$batchId" params={{ batchId: batch.id }} className="hover:underline">
            {batch.name}
          </Link>
        </h2>
        <p className="said-line text-sm text-faint">
          {batch.source} · {batch.type} · <Time at={batch.startedAt} as="when" now={now} />
        </p>
      </div>
      <BatchStatus batch={batch} counts={counts} />
    </li>
  )
}
