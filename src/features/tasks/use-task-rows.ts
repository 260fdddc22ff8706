import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { TaskStatus } from '#model/status.ts'
import { useStreams } from '#streams/react.tsx'
import type { Streams } from '#streams/streams.ts'
import { freshnessNow, onFreshness } from '#panels/progress/freshness.ts'
import { countStatuses, unsureStatuses, type Tasks } from './arrange-tasks.ts'
import { ownTasks } from './own-tasks.ts'
import { arrangeRows, dropGone, keepRows, type ShownRows } from './shown-rows.ts'
import type { TasksQuery } from './tasks-query.ts'

export interface TaskRows extends ShownRows {
  ready: boolean
  /** Tasks of all sources, whatever the filter. */
  total: number
  counts: ReadonlyMap<TaskStatus, number>
  /** Of these some are as last seen. */
  unsure: ReadonlySet<TaskStatus>
  types: readonly string[]
}

/** Lists are looked over this often; single cards follow their tasks faster. */
const EVERY_MS = 250

/** The rows of the list under a query, kept in place; the first come at once. */
class RowsModel {
  readonly #streams: Streams
  readonly #query: TasksQuery
  #rows: TaskRows
  #listener: () => void = () => {}
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(streams: Streams, query: TasksQuery) {
    this.#streams = streams
    this.#query = query
    const { ready, items } = streams.list('tasks').store.getState()
    this.#rows = this.#describe(arrangeRows(items, query), ready, items)
  }

  readonly get = (): TaskRows => this.#rows

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listener = listener
    this.#look()
    const { store } = this.#streams.list('tasks')
    const leave = store.subscribe((state) => {
      if (state.ready && !this.#rows.ready) this.#look()
      else this.#timer ??= setTimeout(this.#look, EVERY_MS)
    })
    const leaveOwn = ownTasks.subscribe(this.#look)
    const leaveFreshness = onFreshness(this.#streams, () => {
      this.#timer ??= setTimeout(this.#look, EVERY_MS)
    })
    return () => {
      leave()
      leaveOwn()
      leaveFreshness()
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
  }

  /** Lets in what waits, in order. */
  showNew(): void {
    this.#set(arrangeRows(this.#tasks, this.#query))
  }

  hideGone(): void {
    this.#set(dropGone(this.#rows, this.#tasks, this.#query))
  }

  get #tasks(): Tasks {
    return this.#streams.list('tasks').store.getState().items
  }

  readonly #look = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { ready } = this.#streams.list('tasks').store.getState()
    const first = ready && !this.#rows.ready
    this.#set(
      first
        ? arrangeRows(this.#tasks, this.#query)
        : keepRows(this.#rows, this.#tasks, this.#query, ownTasks.getState().keys),
    )
  }

  #set(shown: ShownRows): void {
    const { ready, items } = this.#streams.list('tasks').store.getState()
    const next = this.#describe(shown, ready, items)
    if (sameRows(this.#rows, next)) return
    this.#rows = next
    this.#listener()
  }

  #describe(shown: ShownRows, ready: boolean, tasks: Tasks): TaskRows {
    const freshness = freshnessNow(this.#streams)
    const types = new Set<string>()
    for (const { type } of tasks.values()) if (type !== null) types.add(type)
    return {
      keys: shown.keys,
      waiting: shown.waiting,
      gone: shown.gone,
      ready,
      total: tasks.size,
      counts: countStatuses(tasks, this.#query),
      unsure: unsureStatuses(tasks, this.#query, (task) => freshness(task).stale),
      types: [...types].sort(),
    }
  }
}

function sameRows(a: TaskRows, b: TaskRows): boolean {
  return (
    a.keys === b.keys &&
    a.waiting === b.waiting &&
    a.gone === b.gone &&
    a.ready === b.ready &&
    a.total === b.total &&
    a.types.length === b.types.length &&
    a.types.every((type, index) => type === b.types[index]) &&
    a.counts.size === b.counts.size &&
    a.unsure.size === b.unsure.size &&
    [...a.unsure].every((status) => b.unsure.has(status)) &&
    [...a.counts].every(([status, count]) => b.counts.get(status) === count)
  )
}

export function useTaskRows(query: TasksQuery): {
  rows: TaskRows
  showNew: () => void
  hideGone: () => void
} {
  const streams = useStreams()
  useEffect(() => streams.watchList('tasks'), [streams])
  const model = useMemo(() => new RowsModel(streams, query), [streams, query])
  const rows = useSyncExternalStore(model.subscribe, model.get)
  return useMemo(
    () => ({
      rows,
      showNew: () => {
        model.showNew()
      },
      hideGone: () => {
        model.hideGone()
      },
    }),
    [rows, model],
  )
}
