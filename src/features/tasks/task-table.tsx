import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, type RefObject } from 'react'
import { Icon } from '#ui/icon.tsx'
import { useMedia } from '#ui/use-media.ts'
import { useNavRef } from './list-nav.ts'
import { SelectAll } from './select-all.tsx'
import { ROW_GRID, TaskRow } from './task-row.tsx'
import type { TaskSort } from './tasks-query.ts'

const ROW_HEIGHT = 34
const PHONE_ROW_HEIGHT = 52
/** With room for fingers, px. */
const COARSE_ROW_HEIGHT = 48

const COLUMNS: { name: string; sort?: TaskSort; className?: string }[] = [
  { name: 'Task', sort: 'name' },
  { name: 'State', sort: 'status', className: 'max-sm:sr-only' },
  { name: 'Progress', sort: 'progress', className: 'max-sm:sr-only' },
  { name: 'From', className: 'max-xl:hidden' },
  { name: 'Last message', className: 'max-[87.5rem]:hidden' },
  { name: 'Age and rate', sort: 'newest', className: 'max-sm:hidden' },
  { name: 'Ends', className: 'max-lg:hidden' },
]

/** The dense form of the list: one line per task. */
export function TaskTable(props: {
  keys: readonly string[]
  scroller: RefObject<HTMLElement | null>
  sort: TaskSort
  onSort: (sort: TaskSort) => void
}) {
  const { keys, scroller, sort, onSort } = props
  const coarse = useMedia('(pointer: coarse)')
  const height = useMedia('(width < 40rem)') ? PHONE_ROW_HEIGHT : coarse ? COARSE_ROW_HEIGHT : ROW_HEIGHT
  const printing = useMedia('print')
  const virtual = useVirtualizer({
    count: keys.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    // On paper all of them.
    overscan: printing ? keys.length : 8,
  })
  useEffect(() => {
    virtual.measure()
  }, [virtual, height])
  const nav = useNavRef()
  useEffect(() => {
    nav.current = {
      columns: 1,
      reveal: (index) => {
        virtual.scrollToIndex(index, { align: 'auto' })
      },
    }
  }, [nav, virtual])

  return (
    <div
      role="table"
      aria-label="Tasks"
      aria-rowcount={keys.length + 1}
      className="rounded-lg border border-line bg-panel"
    >
      <div role="rowgroup" className="sticky -top-px z-2">
        <div
          role="row"
          aria-rowindex={1}
          className={`${ROW_GRID} h-8 rounded-t-lg border-b border-line2 bg-panel text-sm text-faint`}
        >
          <span role="columnheader" className="grid place-items-center">
            <SelectAll keys={keys} />
          </span>
          {COLUMNS.map((column) => (
            <Header key={column.name} column={column} sort={sort} onSort={onSort} />
          ))}
          <span role="columnheader">
            <span className="sr-only">Controls</span>
          </span>
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((row) => {
          const key = keys[row.index]
          return key === undefined ? null : (
            <TaskRow key={key} taskKey={key} index={row.index} top={row.start} height={height} />
          )
        })}
      </div>
    </div>
  )
}

function Header(props: {
  column: (typeof COLUMNS)[number]
  sort: TaskSort
  onSort: (sort: TaskSort) => void
}) {
  const { column, sort, onSort } = props
  const by = column.sort
  if (!by)
    return (
      <span role="columnheader" className={column.className}>
        {column.name}
      </span>
    )
  const next = by === 'newest' && sort === 'newest' ? 'oldest' : by
  const on = sort === by || (by === 'newest' && sort === 'oldest')
  const up = sort === 'name' || sort === 'newest' || sort === 'status'
  return (
    <span
      role="columnheader"
      aria-sort={on ? (up ? 'ascending' : 'descending') : 'none'}
      className={column.className}
    >
      <button
        type="button"
        onClick={() => {
          onSort(next)
        }}
        className={`inline-flex items-center gap-1 hover:text-ink ${on ? 'text-ink' : ''}`}
      >
        {column.name}
        {on && <Icon name={up ? 'arrowUp' : 'arrowDown'} size={11} />}
      </button>
    </span>
  )
}
