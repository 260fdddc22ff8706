import { formatCount } from '#lib/format.ts'
import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, type ComponentType } from 'react'
import { useList } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { lazyPart } from '#ui/lazy-part.tsx'
import { ListTools } from './list-tools.tsx'
import { NavContext, type ListNav } from './list-nav.ts'
import { useSelectionSize } from './selection.ts'
import { StatusFilter } from './status-filter.tsx'
import { TaskGrid } from './task-grid.tsx'
import { TasksEmpty } from './tasks-empty.tsx'
import {
  changeSearch,
  isFiltered,
  tasksQuery,
  toggleStatus,
  type TasksQuery,
  type TasksSearch,
} from './tasks-query.ts'
import { useTaskKeys } from './use-task-keys.ts'
import { useTaskRows } from './use-task-rows.ts'

const SelectionBar = lazyPart(async () => (await import('./selection-bar.tsx')).SelectionBar, {
  place: 'over',
})
const TaskTable = lazyPart(async () => (await import('./task-table.tsx')).TaskTable)

/** The tasks of all sources. What is shown and how is the URL's, so that a link shows the same. */
export function TasksPage(props: {
  search: TasksSearch
  onSearch: (search: TasksSearch) => void
  /** Shows what ended too long ago to be in the list. */
  Earlier?: ComponentType<{ query: TasksQuery }>
}) {
  const { search, onSearch, Earlier } = props
  const { q, status, source, type, sort, view } = search
  const query = useMemo(
    () => tasksQuery(readBack({ q, status, source, type, sort })),
    [q, status, source, type, sort],
  )
  const { rows, showNew, hideGone } = useTaskRows(query)
  const sourceNames = useList('sources', (state) => [...state.items.keys()].join('\n'))
  const sources = useMemo(() => (sourceNames ? sourceNames.split('\n') : []), [sourceNames])
  const batches = useList('batches', (state) => state.items.size)
  const scroller = useRef<HTMLDivElement>(null)
  const filterRef = useRef<HTMLInputElement>(null)
  const nav = useRef<ListNav | null>(null)
  const selected = useSelectionSize() > 0
  useTaskKeys({ keys: rows.keys, nav, filterRef })
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0
  }, [query, view])

  return (
    <div className="relative flex h-full flex-col">
      <div className="relative grid grid-cols-[minmax(0,1fr)] gap-2.5 px-4 pt-3 pb-1 sm:px-[18px]">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h1 className="text-lg/7 font-semibold max-sm:sr-only">Tasks</h1>
          <StatusFilter
            counts={rows.ready ? rows.counts : null}
            unsure={rows.unsure}
            pressed={query.statuses}
            onToggle={(each) => {
              onSearch(toggleStatus(search, each))
            }}
          />
          {batches > 0 && (
            <Link to="/batches" className="text-mute underline-offset-2 hover:text-ink hover:underline">
              Batches <b className="font-medium text-ink">{formatCount(batches)}</b>
            </Link>
          )}
          <Waiting waiting={rows.waiting} gone={rows.gone} onShow={showNew} onHide={hideGone} />
        </div>
        <ListTools
          search={search}
          onChange={(change) => {
            onSearch(changeSearch(search, change))
          }}
          sources={sources}
          types={rows.types}
          filterRef={filterRef}
          onSortAgain={showNew}
        />
      </div>
      <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto px-4 pt-2.5 pb-16 sm:px-[18px]">
        <NavContext value={nav}>
          {rows.keys.length === 0 ? (
            <TasksEmpty
              ready={rows.ready}
              filtered={isFiltered(search)}
              total={rows.total}
              onClear={() => {
                onSearch(changeSearch(search, { q: '', status: '', source: '', type: '' }))
              }}
            />
          ) : view === 'table' ? (
            <TaskTable
              keys={rows.keys}
              scroller={scroller}
              sort={query.sort}
              onSort={(by) => {
                if (by === query.sort) showNew()
                else onSearch(changeSearch(search, { sort: by }))
              }}
            />
          ) : (
            <TaskGrid keys={rows.keys} scroller={scroller} />
          )}
        </NavContext>
        {rows.ready && Earlier && <Earlier query={query} />}
      </div>
      {selected && <SelectionBar />}
    </div>
  )
}

function readBack(search: { [K in keyof TasksSearch]: TasksSearch[K] | undefined }): TasksSearch {
  return changeSearch({}, search)
}

/** What waits or has stopped matching: beside the title, where coming and going moves nothing. */
function Waiting(props: { waiting: number; gone: number; onShow: () => void; onHide: () => void }) {
  const { waiting, gone, onShow, onHide } = props
  return (
    <div className="ml-auto flex gap-2 max-sm:absolute max-sm:inset-x-0 max-sm:top-full max-sm:z-10 max-sm:mt-2 max-sm:justify-center max-sm:[&>*]:rounded-full max-sm:[&>*]:shadow-cast2">
      {gone > 0 && (
        <Button
          look="quiet"
          onClick={onHide}
          title="They were in the list when it was filtered, and have changed since"
        >
          Hide {formatCount(gone)} that no longer {gone === 1 ? 'matches' : 'match'}
        </Button>
      )}
      {waiting > 0 && (
        <Button look="accent" icon="arrowUp" onClick={onShow}>
          Show {formatCount(waiting)} new
        </Button>
      )}
    </div>
  )
}
