import { Hono, type Context } from 'hono'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import type { SampledKind, SampleRecorder } from './record/sample-recorder.ts'
import { idsIn } from './path-ids.ts'
import { problem } from './problem.ts'

/** Points a channel that one answer may have. */
const POINTS = { least: 10, most: 20_000, usual: 2_000 }

/**
 * The samples of topics of a kind, as JSON and as CSV: `/KIND/:source/:id/samples`.
 * @param path under which things of the kind are asked for
 * @param nothingOf the answer where no such topic ever had samples
 */
export function samplesApi(
  samples: SampleRecorder,
  kind: SampledKind,
  path: string,
  nothingOf: (source: string, id: string) => Response,
): Hono {
  const api = new Hono()
  api.get(`/${path}/:source/:id/samples`, async (c) => {
    const { source, id } = idsIn(c)
    const range = rangeOf(c)
    if (range instanceof Response) return range
    const asked = Number(c.req.query('points') ?? POINTS.usual)
    if (Number.isNaN(asked)) return problem(400, 'bad-request', 'points is no number')
    const points = Math.round(Math.min(POINTS.most, Math.max(POINTS.least, asked)))
    const found = await samples.samples(kind, source, id, { ...range, points })
    return found ? c.json(found satisfies SamplesAnswer) : nothingOf(source, id)
  })
  api.get(`/${path}/:source/:id/samples.csv`, async (c) => {
    const { source, id } = idsIn(c)
    const range = rangeOf(c)
    if (range instanceof Response) return range
    const csv = await samples.csv(kind, source, id, range)
    if (!csv) return nothingOf(source, id)
    return new Response(bodyOf(csv), {
      headers: {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="${`${source}-${id}`.replaceAll(/[^\w.-]/g, '_')}.csv"`,
      },
    })
  })
  return api
}

/** What of the samples is asked for: times in ms since epoch, and names of channels, none for all. */
function rangeOf(c: Context): { from: number; to: number; channels: string[] } | Response {
  const from = Number(c.req.query('from') ?? 0)
  const to = Number(c.req.query('to') ?? Number.MAX_SAFE_INTEGER)
  if (!Number.isFinite(from) || !Number.isFinite(to) || from > to)
    return problem(400, 'bad-request', 'from and to are times in ms since epoch, from before to')
  return { from, to, channels: c.req.queries('channel') ?? [] }
}

/** Made as it is read, so that a long range takes no memory. */
function bodyOf(csv: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const pieces = csv[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
  })
}
