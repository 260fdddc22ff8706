import { Hono, type Context } from 'hono'
import type { Batch } from '#model/batch.ts'
import { batchStartRequest, type BatchAnswer } from '#protocols/weir/api.ts'
import { exactAnswer } from './exact-answer.ts'
import { batchSize, batchText } from './batch-text.ts'
import type { Batches } from './batches.ts'
import { textFile } from './log-text.ts'
import { noSource, problem } from './problem.ts'
import { askedBy, readBody } from './read-body.ts'
import type { SourceAdapter } from './source-adapter.ts'
import type { Tasks } from './record/doors.ts'

export interface BatchApiOptions {
  batches: Batches
  book: Tasks
  adapters: ReadonlyMap<string, SourceAdapter>
  newId: () => string
}

/** The part of the API about tasks that were started together. */
export function batchApi({ batches, book, adapters, newId }: BatchApiOptions): Hono {
  const api = new Hono()

  const withBatch =
    (act: (c: Context, batch: Batch) => Response | Promise<Response>) =>
    (c: Context): Response | Promise<Response> => {
      const id = c.req.param('id') ?? ''
      const batch = batches.get(id)
      return batch ? act(c, batch) : problem(404, 'no-such-batch', `There is no batch ${id}`)
    }

  api.get('/batches', (c) => c.json({ batches: batches.all() }))
  // A source and a batch share the place in the path; a POST with a verb after it names a batch.
  api.post('/batches/:source', async (c) => {
    const source = c.req.param('source')
    if (!adapters.has(source)) return noSource(source)
    const body = readBody(c, batchStartRequest, ['inputs', 'options.setup'])
    if (body instanceof Response) return body
    const { options, ...request } = body
    const idPrefix =
      request.idPrefix ?? `${request.type.replaceAll(/[^A-Za-z0-9._-]+/g, '-')}-${newId().slice(0, 6)}`
    const batch = batches.start(source, { ...request, idPrefix, ...(options ? { options } : {}) }, askedBy(c))
    return c.json({ batch } satisfies BatchAnswer, 201)
  })
  api.get(
    '/batches/:id',
    withBatch((_, batch) => exactAnswer({ batch, inputs: batches.inputs(batch.id) })),
  )
  api.get(
    '/batches/:id/size',
    withBatch(async (c, batch) => c.json(await batchSize({ batch, book }))),
  )
  api.get(
    '/batches/:id/logs.txt',
    withBatch((_, batch) => {
      const adapter = adapters.get(batch.source)!
      return textFile(
        batchText({ batch, inputs: batches.inputs(batch.id), book, adapter }),
        `${batch.name}.txt`,
      )
    }),
  )
  api.post(
    '/batches/:id/cancel',
    withBatch(async (c, { id }) => c.json({ commands: await batches.cancel(id, askedBy(c)) })),
  )
  api.post(
    '/batches/:id/rerun',
    withBatch((c, { id }) => {
      const batch = batches.rerunFailed(id, askedBy(c))
      return batch
        ? c.json({ batch } satisfies BatchAnswer, 201)
        : problem(409, 'nothing-failed', 'No task of this batch has failed')
    }),
  )
  return api
}
