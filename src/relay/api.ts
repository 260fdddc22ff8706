import { Hono, type Context } from 'hono'
import { report } from '#lib/isolate.ts'
import type { Command } from '#model/command.ts'
import { hasEnded, type Task } from '#model/task.ts'
import {
  parameterRequest,
  startRequest,
  stopRequest,
  timeoutRequest,
  type Health,
  type StartAnswer,
} from '#protocols/weir/api.ts'
import { batchApi } from './batch-api.ts'
import type { Batches } from './batches.ts'
import type { Hub } from './fanout/hub.ts'
import type { Ledger } from './commands/ledger.ts'
import type { Devices } from './record/doors.ts'
import type { Sources } from './sources.ts'
import type { SampleRecorder } from './record/sample-recorder.ts'
import { devicesApi } from './devices-api.ts'
import { NUMBERS } from '#topics/numbers.ts'
import { problemsOf, recordProblems } from './health.ts'
import { logText, textFile } from './log-text.ts'
import { exactAnswer } from './exact-answer.ts'
import { idsIn } from './path-ids.ts'
import { internalProblem, noSource, problem, refusal } from './problem.ts'
import { proxyApi, proxyPaths } from './proxy-api.ts'
import { askedBy, badAuthor, readBody } from './read-body.ts'
import { boundBodies } from './request-body.ts'
import { secureData } from './safe-headers.ts'
import type { TopicRecord } from './record/record.ts'
import { samplesApi } from './samples-api.ts'
import { SourceError, type SourceAdapter } from './source-adapter.ts'
import { sourceApi } from './source-api.ts'
import type { SourceKinds } from './source-kind.ts'
import type { StartTask } from './start-task.ts'
import { stopTasks } from './stop-tasks.ts'
import type { Stops } from './stops.ts'
import { streamApi } from './fanout/stream-api.ts'
import type { Tasks } from './record/doors.ts'
import type { Timeouts } from './timeouts.ts'

export interface ApiOptions {
  version: string
  record: TopicRecord
  hub: Hub
  book: Tasks
  ledger: Ledger
  batches: Batches
  timeouts: Timeouts
  startTask: StartTask
  stops: Stops
  sources: Sources
  devices: Devices
  samples: SampleRecorder
  adapters: ReadonlyMap<string, SourceAdapter>
  kinds: SourceKinds
  /** A fresh id: for batches, and for streams without a session. */
  newId: () => string
}

/** Tasks in one answer. */
const TASKS = { usual: 2_000, most: 10_000 }
/** What one answer of the log brings; a page asks again for more. */
const LOG_RANGE = { lines: 10_000, chars: 8_000_000 }

/** The relay's API (`src/protocols/weir/api.ts` lists it) as a function from Request to Response. */
export function createApi(options: ApiOptions): Hono {
  const { hub, book, ledger, batches, sources, adapters, record } = options
  const api = new Hono().basePath('/api')
  api.use(async (c, next) => {
    await next()
    secureData(c.res.headers)
  })
  api.use(async (c, next) => badAuthor(c) ?? (await next()))
  const proxied = proxyPaths(options.kinds)
  // Bodies that are passed on as they come.
  api.use(boundBodies((path) => path.startsWith('/api/files/') || proxied.has(path)))

  api.get('/health', (c) =>
    c.json({
      status: 'ok',
      version: options.version,
      problems: [...recordProblems(record.keeper), ...problemsOf(sources.values())],
    } satisfies Health),
  )

  api.route('/', streamApi(hub, options.newId))

  api.get('/sources', (c) => c.json({ sources: sources.values() }))
  api.post('/sources/:source/retry', (c) => {
    const adapter = adapters.get(c.req.param('source'))
    if (!adapter) return noSource(c.req.param('source'))
    adapter.retry()
    return c.body(null, 204)
  })
  api.post('/sources/:source/stop', async (c) => {
    const source = c.req.param('source')
    if (!adapters.has(source)) return noSource(source)
    const body = readBody(c, stopRequest)
    if (body instanceof Response) return body
    return c.json(await stopTasks(options, source, body.tasks, askedBy(c)))
  })
  api.get('/commands', (c) => c.json({ commands: ledger.all() }))

  api.get('/tasks', async (c) => {
    const { source, status, type, text, ended, unlisted, cursor, limit = `${TASKS.usual}` } = c.req.query()
    const most = Number(limit)
    if (!(most >= 1)) return problem(400, 'bad-request', 'limit is no number of tasks')
    const page = await book.page(unlisted === 'true', {
      ...(source ? { source } : {}),
      ...(status ? { statuses: status.split(',') } : {}),
      ...(type ? { type } : {}),
      ...(text ? { text: text.toLowerCase() } : {}),
      ...(ended ? { ended: ended === 'true' } : {}),
      ...(cursor ? { cursor } : {}),
      limit: Math.min(TASKS.most, Math.trunc(most)),
    })
    const json = `{"tasks":[${page.rows.join(',')}],"cursor":${JSON.stringify(page.cursor)}}`
    return new Response(json, { headers: { 'content-type': 'application/json' } })
  })

  api.post('/tasks/:source', async (c) => {
    const source = c.req.param('source')
    if (!adapters.has(source)) return noSource(source)
    const body = readBody(c, startRequest, ['params', 'options.setup'])
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

  api.get('/tasks/:source/:id', (c) => withTask(c, (task) => exactAnswer(task)))

  for (const verb of ['cancel', 'pause', 'resume'] as const)
    api.post(`/tasks/:source/:id/${verb}`, (c) =>
      withTask(c, (task, adapter) => {
        if (hasEnded(task)) return endedAlready(task)
        return adapter.steerTask(task.id, verb, askedBy(c)).then((command) => answer(c, command))
      }),
    )

  api.post('/tasks/:source/:id/parameters', (c) =>
    withTask(c, async (task, adapter) => {
      const body = readBody(c, parameterRequest, ['value'])
      if (body instanceof Response) return body
      if (hasEnded(task)) return endedAlready(task)
      return answer(c, await adapter.setParameter(task.id, body.key, body.value, askedBy(c)))
    }),
  )

  api.put('/tasks/:source/:id/timeout', (c) => {
    const { source, id } = idsIn(c)
    const task = book.get(source, id)
    if (!task) return problem(404, 'no-such-task', `There is no task ${id}`)
    const body = readBody(c, timeoutRequest)
    if (body instanceof Response) return body
    options.timeouts.set(task, body.afterMs)
    return c.body(null, 204)
  })

  api.post('/tasks/:source/:id/retry-stream', (c) =>
    withTask(c, (task, adapter) => {
      adapter.retryStream(task.id)
      return c.body(null, 204)
    }),
  )

  api.get('/tasks/:source/:id/log', (c) =>
    withTask(c, async ({ source, id }) => {
      const log = book.log(source, id)!
      const from = Math.max(log.first, Math.trunc(Number(c.req.query('from') ?? log.first)) || 0)
      const to = Math.min(log.total, Math.trunc(Number(c.req.query('to') ?? log.total)) || 0)
      return c.json(await book.lines(source, id, from, to, LOG_RANGE))
    }),
  )

  api.get('/tasks/:source/:id/log.txt', (c) =>
    withTask(c, ({ source, id }) => textFile(logText(book, source, id), `${id}.log`)),
  )

  api.get('/tasks/:source/:id/output', (c) =>
    withTask(c, async (task, adapter) => {
      try {
        const revision = c.req.query('revision')
        const kept = revision === undefined && hasEnded(task) ? await book.output(task.source, task.id) : null
        const json =
          kept ?? (await adapter.output(task.id, revision === undefined ? undefined : Number(revision)))
        return new Response(json, {
          headers: { 'content-type': 'application/json' },
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
  api.route('/', sourceApi(adapters))
  api.route('/', proxyApi(options.kinds, adapters))
  api.route('/', devicesApi(options))
  api.route('/', samplesApi(options.samples, NUMBERS, 'tasks', noTask))

  api.notFound((c) => problem(404, 'not-found', `There is no ${c.req.method} ${c.req.path}`))
  api.onError((error) => {
    report(error)
    return internalProblem(error.message)
  })

  async function withTask(
    c: Context,
    act: (task: Task, adapter: SourceAdapter) => Response | Promise<Response>,
  ): Promise<Response> {
    const { source, id } = idsIn(c)
    const adapter = adapters.get(source)
    if (!adapter) return noSource(source)
    const task = book.get(source, id) ?? (await book.load(source, id))
    return task ? act(task, adapter) : sought(source, id, adapter, act)
  }

  /** What Weir has not seen is asked for: only the source can say that there is none. */
  async function sought(
    source: string,
    id: string,
    adapter: SourceAdapter,
    act: (task: Task, adapter: SourceAdapter) => Response | Promise<Response>,
  ): Promise<Response> {
    try {
      await adapter.find(id)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      const { status, message } = error.error
      return status === 404
        ? problem(404, 'no-such-task', `${source} has no task ${id}`, message)
        : problem(503, 'not-known', `Not known: ${source} could not be asked for task ${id}`, message)
    }
    const task = book.get(source, id)
    return task ? act(task, adapter) : noTask(source, id)
  }

  return api
}

function noTask(source: string, id: string): Response {
  return problem(404, 'no-such-task', `${source} has no task ${id}`)
}

function answer(c: Context, command: Command): Response {
  return command.error ? refusal(command.error) : c.json({ command })
}

function endedAlready(task: Task): Response {
  return problem(409, 'has-ended', `${task.id} has ended already (${task.status})`)
}
