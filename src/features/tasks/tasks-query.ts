import { TASK_STATUSES, type TaskStatus } from '#model/status.ts'

const SORTS = ['newest', 'oldest', 'name', 'status', 'progress', 'activity'] as const
export type TaskSort = (typeof SORTS)[number]
const VIEWS = ['grid', 'table'] as const
type TaskView = (typeof VIEWS)[number]

/** The list's state as the URL spells it; what is as usual is left out. */
export interface TasksSearch {
  q?: string
  /** Comma-separated. */
  status?: string
  source?: string
  type?: string
  sort?: TaskSort
  view?: TaskView
}

/** The same, ready for use. */
export interface TasksQuery {
  text: string
  statuses: ReadonlySet<TaskStatus>
  source: string
  type: string
  sort: TaskSort
  view: TaskView
}

/** Reads the URL's parameters; what makes no sense is ignored. */
export function readTasksSearch(raw: Record<string, unknown>): TasksSearch {
  const text = (key: string) => {
    const value = raw[key]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const sort = SORTS.find((each) => each === raw.sort && each !== 'newest')
  const view = VIEWS.find((each) => each === raw.view && each !== 'grid')
  const statuses = text('status')?.split(',').filter(isStatus).join(',')
  return strip({
    q: text('q'),
    status: statuses || undefined,
    source: text('source'),
    type: text('type'),
    sort,
    view,
  })
}

export function tasksQuery(search: TasksSearch): TasksQuery {
  return {
    text: (search.q ?? '').trim().toLowerCase(),
    statuses: new Set((search.status ?? '').split(',').filter(isStatus)),
    source: search.source ?? '',
    type: search.type ?? '',
    sort: search.sort ?? 'newest',
    view: search.view ?? 'grid',
  }
}

/** The search with one status more, or one less. */
export function toggleStatus(search: TasksSearch, status: TaskStatus): TasksSearch {
  const statuses = new Set(tasksQuery(search).statuses)
  if (!statuses.delete(status)) statuses.add(status)
  return strip({ ...search, status: [...statuses].join(',') || undefined })
}

/** The search with some values changed; empty ones leave the URL. */
export function changeSearch(
  search: TasksSearch,
  change: { [K in keyof TasksSearch]: TasksSearch[K] | '' | undefined },
): TasksSearch {
  return readTasksSearch({ ...search, ...change })
}

export function isFiltered(search: TasksSearch): boolean {
  return Boolean(search.q ?? search.status ?? search.source ?? search.type)
}

function isStatus(text: string): text is TaskStatus {
  return (TASK_STATUSES as readonly string[]).includes(text)
}

type Loose<T> = { [K in keyof T]: T[K] | undefined }

function strip(search: Loose<Required<TasksSearch>> | Loose<TasksSearch>): TasksSearch {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as TasksSearch
}
