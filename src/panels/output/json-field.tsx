import { useState } from 'react'
import type { JsonIndex } from './json-index.ts'
import { ROW_HEIGHT } from './json-row.tsx'
import { firstOpen, visibleRows } from './json-rows.ts'
import { JsonTree } from './json-tree.tsx'
import { recordRows } from './record-rows.ts'
import { RecordTable } from './record-table.tsx'
import { useJsonIndex } from './use-json-index.ts'

/** A field's data: like records as a table, all else as a tree of its own. */
export function JsonField(props: { raw: string; name: string }) {
  const reading = useJsonIndex(props.raw)
  if (reading.state !== 'ready')
    return <code className="said font-mono text-sm">{props.raw.slice(0, 2_000)}</code>
  const table = recordRows(reading.index)
  if (table) return <RecordTable table={table} label={props.name} />
  return <Tree key={reading.index.count} index={reading.index} />
}

function Tree(props: { index: JsonIndex }) {
  const { index } = props
  const [open, setOpen] = useState<ReadonlySet<number>>(() => firstOpen(index))
  const rows = visibleRows(index, open, 40).length
  return (
    <div
      className="flex flex-col overflow-hidden rounded-md border border-line bg-bg"
      style={{ height: Math.min(rows * ROW_HEIGHT + 12, 360) }}
    >
      <JsonTree
        index={index}
        open={open}
        onToggle={(node) => {
          const next = new Set(open)
          if (!next.delete(node)) next.add(node)
          setOpen(next)
        }}
        className="min-h-0 flex-1"
      />
    </div>
  )
}
