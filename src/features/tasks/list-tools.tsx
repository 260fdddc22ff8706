import type { RefObject } from 'react'
import { IconButton } from '#ui/button.tsx'
import { FilterBox } from '#ui/filter-box.tsx'
import { Segmented } from '#ui/segmented.tsx'
import { Select } from '#ui/field.tsx'
import type { TasksSearch, TaskSort } from './tasks-query.ts'

const SORT_NAMES: { value: TaskSort; label: string }[] = [
  { value: 'newest', label: 'newest' },
  { value: 'oldest', label: 'oldest' },
  { value: 'activity', label: 'last active' },
  { value: 'progress', label: 'progress' },
  { value: 'status', label: 'status' },
  { value: 'name', label: 'name' },
]

/** Orders that tasks fall out of as they advance. */
const MOVING: ReadonlySet<TaskSort> = new Set(['activity', 'progress', 'status'])

/** Text, source, type, sort and view: all of it is the URL's. */
export function ListTools(props: {
  search: TasksSearch
  onChange: (change: { [K in keyof TasksSearch]: TasksSearch[K] | '' }) => void
  sources: readonly string[]
  types: readonly string[]
  filterRef: RefObject<HTMLInputElement | null>
  onSortAgain: () => void
}) {
  const { search, onChange, sources, types, filterRef, onSortAgain } = props
  const moving = search.sort !== undefined && MOVING.has(search.sort)
  return (
    <div className="flex flex-wrap items-center gap-2 max-sm:grid max-sm:grid-cols-[minmax(0,1fr)_auto]">
      <FilterBox
        label="Filter tasks"
        value={search.q ?? ''}
        onChange={(q) => {
          onChange({ q })
        }}
        filterRef={filterRef}
      />
      <div className="flex min-w-0 gap-2 max-sm:order-1 max-sm:col-span-2 max-sm:-m-0.5 max-sm:overflow-x-auto max-sm:p-0.5 max-sm:[scrollbar-width:none]">
        <Select
          shape="line"
          label="Source"
          value={search.source ?? ''}
          options={withAll(sources, search.source)}
          onChange={(source) => {
            onChange({ source })
          }}
          className="max-w-[180px]"
        />
        <Select
          shape="line"
          label="Type"
          value={search.type ?? ''}
          options={withAll(types, search.type)}
          onChange={(type) => {
            onChange({ type })
          }}
          className="max-w-[200px]"
        />
        <Select
          shape="line"
          label="Sort"
          value={search.sort ?? 'newest'}
          options={SORT_NAMES}
          onChange={(sort) => {
            onChange({ sort })
          }}
        />
        {moving && (
          <IconButton
            icon="refresh"
            label="Sort again"
            title="Sort again: rows keep their places while their values change"
            onClick={onSortAgain}
          />
        )}
      </div>
      <Segmented
        label="View"
        compact
        value={search.view ?? 'grid'}
        options={[
          { value: 'grid', label: 'Grid', icon: 'grid' },
          { value: 'table', label: 'Table', icon: 'table' },
        ]}
        onChange={(view) => {
          onChange({ view })
        }}
      />
    </div>
  )
}

/** What is chosen stays in the list even when nothing has it any more. */
function withAll(values: readonly string[], chosen: string | undefined): { value: string; label: string }[] {
  const all = chosen && !values.includes(chosen) ? [...values, chosen] : values
  return [{ value: '', label: 'all' }, ...all.map((value) => ({ value, label: value }))]
}
