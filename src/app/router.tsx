import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  useNavigate,
} from '@tanstack/react-router'
import { idOfSegment, segmentOf } from '#lib/segment.ts'
import { readTasksSearch, type TasksSearch } from '#features/tasks/tasks-query.ts'
import { TasksPage } from '#features/tasks/tasks-page.tsx'
import { lazyWithQueries } from './lazy-with-queries.ts'
import { parseSearch, pickStrings, stringifySearch } from './search-params.ts'
import { PageError } from './shell/page-error.tsx'
import { NotFound } from './shell/not-found.tsx'
import { Shell } from './shell/shell.tsx'

const EarlierTasks = lazyWithQueries(
  'line',
  async () => (await import('#features/tasks/earlier-tasks.tsx')).EarlierTasks,
)

const isDemo = import.meta.env.MODE === 'demo'

/** Where the relay answers: "" at the root of an origin, the folder of a static demo. */
export const basePath = isDemo ? new URL('.', document.baseURI).pathname.replace(/\/$/, '') : ''

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageError })

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: readTasksSearch,
  component: TasksRoute,
})

function TasksRoute() {
  const search = tasks.useSearch()
  const navigate = useNavigate({ from: '/' })
  return (
    <TasksPage
      Earlier={EarlierTasks}
      search={search}
      onSearch={(next: TasksSearch) => void navigate({ search: next, replace: true })}
    />
  )
}

/** Ids may be any text: in a route they stand as segments. */
const inSegments = <P extends Record<string, string>>(each: (text: string) => string, params: P) =>
  Object.fromEntries(Object.entries(params).map(([name, text]) => [name, each(text)])) as P

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$source/$taskId',
  params: {
    parse: (params) => inSegments(idOfSegment, params),
    stringify: (params) => inSegments(segmentOf, params),
  },
  validateSearch: (raw) => pickStrings(raw, ['tab']),
  component: lazyWithQueries(
    'screen',
    async () => (await import('#features/tasks/page/task-page.tsx')).TaskPage,
  ),
})

const batches = createRoute({
  getParentRoute: () => root,
  path: '/batches',
  component: lazyWithQueries(
    'screen',
    async () => (await import('#features/batches/batches-page.tsx')).BatchesPage,
  ),
})

const batch = createRoute({
  getParentRoute: () => root,
  path: '/batches/$batchId',
  params: {
    parse: (params) => inSegments(idOfSegment, params),
    stringify: (params) => inSegments(segmentOf, params),
  },
  component: lazyWithQueries(
    'screen',
    async () => (await import('#features/batches/batch-page.tsx')).BatchPage,
  ),
})

const devices = createRoute({
  getParentRoute: () => root,
  path: '/devices',
  validateSearch: (raw) => pickStrings(raw, ['q', 'source', 'state', 'view', 'add']),
  component: lazyWithQueries(
    'screen',
    async () => (await import('#features/devices/devices-page.tsx')).DevicesPage,
  ),
})

const device = createRoute({
  getParentRoute: () => root,
  path: '/devices/$source/$deviceId',
  params: {
    parse: (params) => inSegments(idOfSegment, params),
    stringify: (params) => inSegments(segmentOf, params),
  },
  validateSearch: (raw) => pickStrings(raw, ['method']),
  component: lazyWithQueries(
    'screen',
    async () => (await import('#features/devices/page/device-page.tsx')).DevicePage,
  ),
})

const wall = createRoute({
  getParentRoute: () => root,
  path: '/wall',
  validateSearch: (raw) => pickStrings(raw, ['panels']),
  component: lazyWithQueries('screen', async () => (await import('#features/wall/wall-page.tsx')).WallPage),
})

const sources = createRoute({
  getParentRoute: () => root,
  path: '/sources',
  component: lazyWithQueries(
    'screen',
    async () => (await import('#features/sources/sources-page.tsx')).SourcesPage,
  ),
})

const routeTree = root.addChildren([tasks, task, batches, batch, devices, device, wall, sources])

export function createAppRouter() {
  return createRouter({
    routeTree,
    // A static demo has no server that would answer a deep link with the page.
    ...(isDemo ? { history: createHashHistory() } : {}),
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultErrorComponent: PageError,
    defaultPendingMs: 300,
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
