import { Hono, type Context } from 'hono'
import { appRef, functionsOf, type AppBody } from '#protocols/inference/schemas.ts'
import { CallTable, PROXY_CALLS } from '#protocols/inference/proxy-calls.ts'
import { TARGET_HEADER, TARGET_PARAMETER } from '#protocols/inference/proxy-target.ts'
import {
  followRequest,
  reconnectRequest,
  timeoutRequest,
  type AppInfo,
  type AppSummary,
} from '#protocols/weir/api.ts'
import { exactAnswer } from '../../exact-answer.ts'
import { idsIn } from '../../path-ids.ts'
import { problem, refusal } from '../../problem.ts'
import { readBody } from '../../read-body.ts'
import { readBounded } from '../../request-body.ts'
import { SourceError, type SourceAdapter } from '../../source-adapter.ts'
import type { Tasks } from '../../record/doors.ts'
import type { Timeouts } from '../../timeouts.ts'
import { InferenceAdapter } from './adapter.ts'

/** Bytes of an upload whose size is told beforehand. */
const MOST_UPLOAD = 500 * 1024 * 1024

export interface InferenceApiOptions {
  adapters: ReadonlyMap<string, SourceAdapter>
  book: Tasks
  timeouts: Timeouts
  /** What the SDK's proxy lets through beside its own table, `METHOD /path/:part`. */
  allowCalls: readonly string[]
}

/** The part of the API that only inference.sh sources answer. */
export function inferenceApi({ adapters, book, timeouts, allowCalls }: InferenceApiOptions): Hono {
  const api = new Hono()
  const calls = new CallTable([...PROXY_CALLS, ...allowCalls])

  /** Runs `act` with the source named in the path; its refusals become answers. */
  const withSource =
    (act: (c: Context, adapter: InferenceAdapter) => Response | Promise<Response>) => async (c: Context) => {
      const name = c.req.param('source') ?? ''
      const adapter = adapters.get(name)
      if (!adapter) return problem(404, 'no-such-source', `There is no source ${name}`)
      if (!(adapter instanceof InferenceAdapter))
        return problem(404, 'not-supported', `${name} is no inference.sh source`)
      try {
        return await act(c, adapter)
      } catch (error) {
        if (error instanceof SourceError) return refusal(error.error)
        throw error
      }
    }

  api.get(
    '/apps/:source',
    withSource(async (c, adapter) => {
      const apps = await adapter.apps(c.req.query('text')?.trim() ?? '')
      return c.json({ apps: apps.map(summaryOf) })
    }),
  )
  api.get(
    '/apps/:source/:ref{.+}',
    withSource(async (c, adapter) => {
      const app = await adapter.app(c.req.param('ref') ?? '')
      const info: AppInfo = { ...summaryOf(app), functions: functionsOf(app) }
      return exactAnswer({ app: info })
    }),
  )
  api.post(
    '/files/:source',
    withSource(async (c, adapter) => {
      const name = c.req.query('name') ?? 'file'
      const type = c.req.query('type') ?? 'application/octet-stream'
      const told = c.req.header('content-length')
      const { body } = c.req.raw
      if (told !== undefined && body) {
        const size = Number(told)
        if (size > MOST_UPLOAD)
          return problem(413, 'too-large', 'Uploads through Weir are at most 500 MB; give the file as a URL')
        return c.json({ uri: await adapter.upload(name, type, body, size) }, 201)
      }
      // The service wants the size first: what does not tell it waits here until it is whole.
      const bytes = await readBounded(c.req.raw)
      if (bytes instanceof Response) return bytes
      return c.json({ uri: await adapter.upload(name, type, bytes, bytes.length) }, 201)
    }),
  )
  // Outputs name files by address alone: the source whose own address it is, else the first.
  api.get('/files', (c) => {
    const url = c.req.query('url') ?? ''
    const cloud = [...adapters.values()].filter((each) => each instanceof InferenceAdapter)
    const adapter = cloud.find((each) => each.owns(url)) ?? cloud[0]
    return adapter
      ? adapter.file(
          url,
          { method: c.req.method === 'HEAD' ? 'HEAD' : 'GET', range: c.req.header('range') ?? null },
          c.req.raw.signal,
        )
      : problem(404, 'no-such-source', 'There is no inference.sh source')
  })
  for (const what of ['telemetry', 'timings'] as const)
    api.get(
      `/tasks/:source/:id/${what}`,
      withSource(async (c, adapter) => Response.json(await adapter.extra(idsIn(c).id, what))),
    )
  api.get(
    '/tasks/:source/:id/schemas',
    withSource(async (c, adapter) => exactAnswer(await adapter.schemas(idsIn(c).id))),
  )
  api.put(
    '/tasks/:source/:id/follow',
    withSource(async (c, adapter) => {
      const body = readBody(c, followRequest)
      if (body instanceof Response) return body
      const { id } = idsIn(c)
      return adapter.follow(id, body.forMs)
        ? c.body(null, 204)
        : problem(409, 'not-followed', `Weir does not follow ${id}: it has ended, or waits for its turn`)
    }),
  )
  api.put('/tasks/:source/:id/timeout', async (c) => {
    const { source, id } = idsIn(c)
    const task = book.get(source, id)
    if (!task) return problem(404, 'no-such-task', `There is no task ${id}`)
    const body = readBody(c, timeoutRequest)
    if (body instanceof Response) return body
    timeouts.set(task, body.afterMs)
    return c.body(null, 204)
  })
  api.put(
    '/sources/:source/reconnect',
    withSource(async (c, adapter) => {
      const body = readBody(c, reconnectRequest)
      if (body instanceof Response) return body
      const settings = { ...body, mostMs: Math.max(body.delayMs, body.mostMs) }
      adapter.setReconnect(settings)
      return c.json(settings)
    }),
  )
  api.all('/inference/proxy', (c) => {
    const cloud = [...adapters.values()].filter((each) => each instanceof InferenceAdapter)
    const target = c.req.header(TARGET_HEADER) ?? c.req.query(TARGET_PARAMETER) ?? ''
    const adapter = cloud.find((each) => each.owns(target)) ?? cloud[0]
    return adapter
      ? adapter.proxy(c.req.raw, calls)
      : problem(404, 'no-such-source', 'There is no inference.sh source; start Weir with one')
  })
  return api
}

function summaryOf(app: AppBody): AppSummary {
  return {
    ref: appRef(app),
    title: app.title ?? app.name,
    description: app.description ?? '',
    category: app.category,
  }
}
