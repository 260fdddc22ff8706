import { Hono, type Context } from 'hono'
import { followRequest, reconnectRequest } from '#protocols/weir/api.ts'
import { exactAnswer } from './exact-answer.ts'
import { idsIn } from './path-ids.ts'
import { noSource, problem, refusal } from './problem.ts'
import { readBody } from './read-body.ts'
import { readBounded } from './request-body.ts'
import { SourceError, type SourceAdapter } from './source-adapter.ts'

/** Bytes of an upload whose size is told beforehand. */
const MOST_UPLOAD = 500 * 1024 * 1024

/** What only some sources have, with the words for one that has it not. */
const PARTS = {
  apps: 'has no apps',
  files: 'takes no files',
  follows: 'follows its tasks to their end',
  figures: 'measures nothing of a task',
} as const

/** The part of the API that a source answers if it has what it takes. */
export function sourceApi(adapters: ReadonlyMap<string, SourceAdapter>): Hono {
  const api = new Hono()

  /** Runs `act` with that part of the source named in the path; its refusals become answers. */
  const withPart =
    <K extends keyof typeof PARTS>(
      part: K,
      act: (c: Context, control: NonNullable<SourceAdapter[K]>) => Response | Promise<Response>,
    ) =>
    async (c: Context) => {
      const name = c.req.param('source') ?? ''
      const adapter = adapters.get(name)
      if (!adapter) return noSource(name)
      const control = adapter[part]
      if (!control) return problem(404, 'not-supported', `${name} ${PARTS[part]}`)
      try {
        return await act(c, control)
      } catch (error) {
        if (error instanceof SourceError) return refusal(error.error)
        throw error
      }
    }

  api.get(
    '/apps/:source',
    withPart('apps', async (c, apps) => c.json({ apps: await apps.find(c.req.query('text')?.trim() ?? '') })),
  )
  api.get(
    '/apps/:source/:ref{.+}',
    withPart('apps', async (c, apps) => exactAnswer({ app: await apps.read(c.req.param('ref') ?? '') })),
  )
  api.get(
    '/tasks/:source/:id/schemas',
    withPart('apps', async (c, apps) => exactAnswer(await apps.schemasOf(idsIn(c).id))),
  )
  api.post(
    '/files/:source',
    withPart('files', async (c, files) => {
      const name = c.req.query('name') ?? 'file'
      const type = c.req.query('type') ?? 'application/octet-stream'
      const told = c.req.header('content-length')
      const { body } = c.req.raw
      if (told !== undefined && body) {
        const size = Number(told)
        if (size > MOST_UPLOAD)
          return problem(413, 'too-large', 'Uploads through Weir are at most 500 MB; give the file as a URL')
        return c.json({ uri: await files.upload(name, type, body, size) }, 201)
      }
      // A source wants the size first: what does not tell it waits here until it is whole.
      const bytes = await readBounded(c.req.raw)
      if (bytes instanceof Response) return bytes
      return c.json({ uri: await files.upload(name, type, bytes, bytes.length) }, 201)
    }),
  )
  // Outputs name files by address alone: the source whose own address it is, else the first.
  api.get('/files', (c) => {
    const url = c.req.query('url') ?? ''
    const all = [...adapters.values()].flatMap(({ files }) => files ?? [])
    const files = all.find((each) => each.owns(url)) ?? all[0]
    return files
      ? files.read(
          url,
          { method: c.req.method === 'HEAD' ? 'HEAD' : 'GET', range: c.req.header('range') ?? null },
          c.req.raw.signal,
        )
      : problem(404, 'no-such-source', 'There is no source with files')
  })
  for (const what of ['telemetry', 'timings'] as const)
    api.get(
      `/tasks/:source/:id/${what}`,
      withPart('figures', async (c, figures) => Response.json(await figures[what](idsIn(c).id))),
    )
  api.put(
    '/tasks/:source/:id/follow',
    withPart('follows', async (c, follows) => {
      const body = readBody(c, followRequest)
      if (body instanceof Response) return body
      const { id } = idsIn(c)
      return follows.followFor(id, body.forMs)
        ? c.body(null, 204)
        : problem(409, 'not-followed', `Weir does not follow ${id}: it has ended, or waits for its turn`)
    }),
  )
  api.put(
    '/sources/:source/reconnect',
    withPart('follows', async (c, follows) => {
      const body = readBody(c, reconnectRequest)
      if (body instanceof Response) return body
      const settings = { ...body, mostMs: Math.max(body.delayMs, body.mostMs) }
      follows.setReconnect(settings)
      return c.json(settings)
    }),
  )
  return api
}
