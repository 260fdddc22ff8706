import { useEffect, useRef, useState, type RefObject } from 'react'
import { IconButton } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'
import { Kbd } from '#ui/kbd.tsx'
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

const TYPING_MS = 150

/** Types at once, filters a moment later. */
function FilterBox(props: {
  value: string
  onChange: (value: string) => void
  filterRef: RefObject<HTMLInputElement | null>
}) {
  const { value, onChange, filterRef } = props
  const [draft, setDraft] = useState(value)
  const [from, setFrom] = useState(value)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  // The URL was changed elsewhere: back button, "Clear filters".
  if (value !== from) {
    setFrom(value)
    if (value !== draft.trim()) setDraft(value)
  }
  useEffect(
    () => () => {
      clearTimeout(timer.current)
    },
    [],
  )
  return (
    <div className="relative min-w-[150px] flex-1 max-sm:min-w-0 lg:max-w-[280px]">
      <Icon name="search" size={14} className="pointer-events-none absolute top-[7px] left-2 text-faint" />
      <input
        ref={filterRef}
        type="search"
        aria-label="Filter tasks"
        placeholder="Filter tasks"
        autoComplete="off"
        spellCheck={false}
        value={draft}
        onChange={(event) => {
          const text = event.target.value
          setDraft(text)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => {
            onChange(text.trim())
          }, TYPING_MS)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && draft === '') event.currentTarget.blur()
        }}
        className="h-7 w-full rounded-md border border-line2 bg-raise pr-8 pl-7 hover:border-edge focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      {draft === '' && (
        <span className="pointer-events-none absolute top-[3px] right-2 pointer-coarse:hidden">
          <Kbd>/</Kbd>
        </span>
      )}
    </div>
  )
}
