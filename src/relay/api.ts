import { Hono, type Context } from 'hono'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { Task, TaskSummary } from '#model/task.ts'
import {
  parameterRequest,
  startRequest,
  topicsRequest,
  type Health,
  type StartAnswer,
} from '#protocols/weir/api.ts'
import { batchApi } from './batch-api.ts'
import type { Batches } from './batches.ts'
import type { Hub } from './hub.ts'
import type { Ledger } from './ledger.ts'
import type { LiveList } from './live-list.ts'
import type { DeviceBook } from './device-book.ts'
import { devicesApi } from './devices-api.ts'
import { inferenceApi } from './inference/api.ts'
import { logText, textFile } from './log-text.ts'
import { noSource, problem, refusal } from './problem.ts'
import { askedBy, readBody } from './read-body.ts'
import { SourceError, type SourceAdapter } from './source-adapter.ts'
import type { StartTask } from './start-task.ts'
import type { TaskBook } from './task-book.ts'
import type { Timeouts } from './timeouts.ts'

export interface ApiOptions {
  version: string
  hub: Hub
  book: TaskBook
  ledger: Ledger
  batches: Batches
  timeouts: Timeouts
  startTask: StartTask
  sources: LiveList<Source>
  devices: LiveList<Device>
  deviceBook: DeviceBook
  adapters: ReadonlyMap<string, SourceAdapter>
  /** A fresh id: for batches, and for streams without a session. */
  newId: () => string
}

/** Lines per answer of the log; a page asks again for more. */
const LOG_RANGE = 10_000

const STREAM_HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

/** The relay's API (`src/protocols/weir/api.ts` lists it) as a function from Request to Response. */
export function createApi(options: ApiOptions): Hono {
  const { hub, book, ledger, batches, sources, adapters } = options
  const api = new Hono().basePath('/api')

  api.get('/health', (c) => c.json({ status: 'ok', version: options.version } satisfies Health))

  api.get('/stream', (c) => {
    const topics = c.req.queries('topic')
    const session = topics ? `topics-${options.newId()}` : c.req.query('session')
    if (!session) return problem(400, 'bad-request', 'Name a session, or at least one topic')
    const after = c.req.header('last-event-id') ?? c.req.query('after') ?? null
    return new Response(hub.connect(session, after, topics), { headers: STREAM_HEADERS })
  })
  api.put('/stream/:session/topics', async (c) => {
    const body = await readBody(c, topicsRequest)
    if (body instanceof Response) return body
    hub.setTopics(c.req.param('session'), body.topics)
    return c.body(null, 204)
  })

  api.get('/sources', (c) => c.json({ sources: sources.values() }))
  api.post('/sources/:source/retry', (c) => {
    const adapter = adapters.get(c.req.param('source'))
    if (!adapter) return noSource(c.req.param('source'))
    adapter.retry()
    return c.body(null, 204)
  })
  api.get('/commands', (c) => c.json({ commands: ledger.all() }))

  api.get('/tasks', (c) => {
    const { source, status, type, text } = c.req.query()
    const wanted = (task: TaskSummary) =>
      (!source || task.source === source) &&
      (!status || status.split(',').includes(task.status)) &&
      (!type || task.type === type) &&
      (!text ||
        `${task.id} ${task.type ?? ''} ${task.message ?? ''}`.toLowerCase().includes(text.toLowerCase()))
    return c.json({ tasks: book.all().filter(wanted) })
  })

  api.post('/tasks/:source', async (c) => {
    const source = c.req.param('source')
    if (!adapters.has(source)) return noSource(source)
    const body = await readBody(c, startRequest)
    if (body instanceof Response) return body
    const { type, params, copies, options: extra } = body
    const id = body.id ?? `${type.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}-${options.newId().slice(0, 6)}`
    const by = askedBy(c)
    if (copies > 1) {
      const inputs = Array.from({ length: copies }, () => params)
      const all = {
        type,
        name: `${id} × ${copies}`,
        inputs,
        idPrefix: id,
        ...(extra ? { options: extra } : {}),
      }
      const { batch, started } = await batches.startAll(source, all, by)
      return c.json({ started, batch: batch.id } satisfies StartAnswer, 201)
    }
    const started = await options.startTask(
      source,
      { id, type, params, batch: null, ...(extra ? { options: extra } : {}) },
      by,
    )
    if (started.command.error) return refusal(started.command.error)
    return c.json({ started: [started], batch: null } satisfies StartAnswer, 201)
  })

  api.get('/tasks/:source/:id', (c) => withTask(c, (task) => c.json(task)))

  for (const verb of ['cancel', 'pause', 'resume'] as const)
    api.post(`/tasks/:source/:id/${verb}`, (c) =>
      withTask(c, (task, adapter) => {
        if (isTerminal(task.status)) return hasEnded(task)
        return adapter.steerTask(task.id, verb, askedBy(c)).then((command) => answer(c, command))
      }),
    )

  api.post('/tasks/:source/:id/parameters', (c) =>
    withTask(c, async (task, adapter) => {
      const body = await readBody(c, parameterRequest)
      if (body instanceof Response) return body
      if (isTerminal(task.status)) return hasEnded(task)
      return answer(c, await adapter.setParameter(task.id, body.key, body.value, askedBy(c)))
    }),
  )

  api.post('/tasks/:source/:id/retry-stream', (c) =>
    withTask(c, (task, adapter) => {
      adapter.retryStream(task.id)
      return c.body(null, 204)
    }),
  )

  api.get('/tasks/:source/:id/log', (c) =>
    withTask(c, (task) => {
      const log = book.log(task.source, task.id)!
      const from = Math.max(log.first, Math.trunc(Number(c.req.query('from') ?? log.first)) || 0)
      const to = Math.min(
        log.total,
        Math.trunc(Number(c.req.query('to') ?? log.total)) || 0,
        from + LOG_RANGE,
      )
      return c.json(log.range(from, to))
    }),
  )

  api.get('/tasks/:source/:id/log.txt', (c) =>
    withTask(c, (task) => {
      const log = book.log(task.source, task.id)!
      return textFile(logText(log), `${task.id}.log`)
    }),
  )

  api.get('/tasks/:source/:id/output', (c) =>
    withTask(c, async (task, adapter) => {
      try {
        const revision = c.req.query('revision')
        const json = await adapter.output(task.id, revision === undefined ? undefined : Number(revision))
        return new Response(json, {
          headers: { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' },
        })
      } catch (error) {
        if (!(error instanceof SourceError)) throw error
        return refusal(error.error)
      }
    }),
  )

  api.get('/tasks/:source/:id/raw', (c) =>
    withTask(c, (task, adapter) => c.json({ items: adapter.raw(task.id) })),
  )

  api.route('/', batchApi(options))
  api.route('/', inferenceApi(options))
  api.route('/', devicesApi(options))

  api.notFound((c) => problem(404, 'not-found', `There is no ${c.req.method} ${c.req.path}`))
  api.onError((error) => {
    console.error(error)
    return problem(500, 'internal', 'The relay failed at this request', error.message)
  })

  function withTask(
    c: Context,
    act: (task: Task, adapter: SourceAdapter) => Response | Promise<Response>,
  ): Response | Promise<Response> {
    const source = c.req.param('source') ?? ''
    const id = c.req.param('id') ?? ''
    const adapter = adapters.get(source)
    if (!adapter) return noSource(source)
    const task = book.get(source, id)
    if (!task) return problem(404, 'no-such-task', `${source} has no task ${id}, or Weir has not seen it`)
    return act(task, adapter)
  }

  return api
}

function answer(c: Context, command: Command): Response {
  return command.error ? refusal(command.error) : c.json({ command })
}

function hasEnded(task: Task): Response {
  return problem(409, 'has-ended', `${task.id} has ended already (${task.status})`)
}
