import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TaskSummary } from '#model/task.ts'
import { startCloud } from '#testing/cloud.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { startLab } from '#testing/lab.ts'

/*
 * Sources whose every answer may have one value replaced, left out or said twice. Whatever that is, the relay
 * stands and shows tasks that make sense, and once the source is itself again, so is what Weir says of it.
 */

/** Values that code which expects others trips over. */
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  255,
  0.1,
  1e308,
  -1e308,
  2 ** 53,
  '',
  '.',
  '..',
  'a/b',
  '\ud800',
  '__proto__',
  '0001-01-01T00:00:00Z',
  '9999-99-99T99:99:99Z',
  '\u001b[2J\u001b]0;',
  'x'.repeat(70_000),
  [],
  {},
  [[[[[[]]]]]],
  { constructor: null, toString: 1, length: 2 },
]

/** What is done to one answer. */
interface Mutation {
  /** Which of its values, counted through; so large a number that it falls anywhere. */
  at: number
  how: 'replace' | 'drop' | 'repeat' | 'cut'
  value: number
}

const mutation: fc.Arbitrary<Mutation | null> = fc.option(
  fc.record({
    at: fc.nat(10_000),
    how: fc.constantFrom('replace', 'replace', 'replace', 'drop', 'repeat', 'cut'),
    value: fc.nat(ODD.length - 1),
  }),
  { freq: 2 },
)

type Place = { in: Record<string, unknown>; key: string } | { in: unknown[]; key: number }

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (Array.isArray(value))
    for (const [key, item] of value.entries()) {
      found.push({ in: value, key })
      placesIn(item, found)
    }
  else if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) {
      found.push({ in: value as Record<string, unknown>, key })
      placesIn((value as Record<string, unknown>)[key], found)
    }
  return found
}

/** JSON text with one value of it changed; other text is cut in two. */
function mutated(text: string, { at, how, value }: Mutation): string {
  if (how === 'cut') return text.slice(0, at % (text.length + 1))
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return text.slice(0, at % (text.length + 1))
  }
  const places = placesIn(body)
  if (places.length === 0) return JSON.stringify(ODD[value])
  const place = places[at % places.length]!
  const holder = place.in as Record<string | number, unknown>
  if (how === 'replace') holder[place.key] = ODD[value]
  else if (Array.isArray(place.in)) {
    if (how === 'drop') place.in.splice(place.key as number, 1)
    else place.in.push(place.in[place.key as number])
  } else if (how === 'drop') delete holder[place.key]
  else return text.replace(/\}$/, `,${JSON.stringify(place.key)}:${JSON.stringify(ODD[value]) ?? 'null'}}`)
  return JSON.stringify(body)
}

/** Changes the answers and stream lines of a source, in turn, while `on`. */
class Mutator {
  on = true
  readonly #mutations: readonly (Mutation | null)[]
  #next = 0

  constructor(mutations: readonly (Mutation | null)[]) {
    this.#mutations = mutations
  }

  #change(text: string): string {
    const next = this.#mutations[this.#next++ % this.#mutations.length]
    return next && this.on ? mutated(text, next) : text
  }

  async answer(response: Response): Promise<Response> {
    const type = response.headers.get('content-type') ?? ''
    if (!response.body || !this.on) return response
    if (/event-stream|ndjson/.test(type))
      return new Response(response.body.pipeThrough(this.#lines()), response)
    if (!type.includes('json')) return response
    const { status } = response
    return new Response(this.#change(await response.text()), {
      status,
      headers: { 'content-type': type },
    })
  }

  #lines(): TransformStream<Uint8Array, Uint8Array> {
    const decoder = new TextDecoder()
    const encoder = new TextEncoder()
    let rest = ''
    return new TransformStream({
      transform: (chunk, controller) => {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          const [, before = '', data = '', after = ''] = /^((?:data: )?)(.*?)(\r?)$/.exec(line) ?? []
          const changed = /^[[{"]/.test(data) ? this.#change(data) : data
          controller.enqueue(encoder.encode(`${before}${changed}${after}\n`))
        }
      },
    })
  }
}

function expectSense(tasks: readonly TaskSummary[]): void {
  const keys = tasks.map(({ source, id }) => `${source}/${id}`)
  expect(new Set(keys).size).toBe(keys.length)
  for (const task of tasks) {
    expect(task.status).toEqual(expect.any(String))
    expect(task.log.total).toBeGreaterThanOrEqual(0)
    const percent = task.progress?.percent ?? null
    if (percent === null) continue
    expect(percent).toBeGreaterThanOrEqual(0)
    expect(percent).toBeLessThanOrEqual(100)
  }
}

const mutations = fc.array(mutation, { minLength: 5, maxLength: 60 })

test('a LabDaemon whose answers are wrong anywhere', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(mutations, async (list) => {
      const weir = await startLab()
      const mutator = new Mutator(list)
      const { fetch } = weir.lab
      weir.lab.fetch = async (request) => mutator.answer(await fetch(request))
      const start = (id: string, steps: number) =>
        weir.ask('/tasks/lab', {
          id,
          type: 'LongRunningTask',
          params: { steps, delay: 0.2, enable_streaming: true },
        })
      for (const [id, steps] of [
        ['short', 30],
        ['long', 2_000],
      ] as const) {
        const started = start(id, steps)
        await weir.clock.advance(6_000)
        await started
      }
      await weir.clock.advance(10_000)
      expectSense(((await weir.ask('/tasks')).body as { tasks: TaskSummary[] }).tasks)
      mutator.on = false
      await weir.clock.advance(90_000)
      const { tasks } = (await weir.ask('/tasks')).body as { tasks: TaskSummary[] }
      expectSense(tasks)
      expect(await weir.source()).toMatchObject({ state: 'ok' })
      const running = (
        (await (await weir.lab.fetch(new Request('http://lab.test/tasks'))).json()) as {
          tasks: { task_id: string; running: boolean }[]
        }
      ).tasks.filter((task) => task.running)
      for (const { task_id: id } of running)
        expect(await weir.task(id)).toMatchObject({ status: 'running', stream: { name: 'open' } })
      const stopped = weir.relay.stop()
      await weir.clock.advance(20_000)
      await stopped
      weir.lab.stop()
    }),
    { numRuns: fuzzRuns(20) },
  )
})

test('an inference.sh whose answers are wrong anywhere', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(mutations, async (list) => {
      const weir = await startCloud()
      const long = await weir.runElsewhere('weirdemo/sleeper', { seconds: 3_600 })
      const short = await weir.runElsewhere('weirdemo/sleeper', { seconds: 20 })
      const mutator = new Mutator(list)
      weir.answer(async (_what, request) => mutator.answer(await weir.cloud.fetch(request)))
      await weir.clock.advance(60_000)
      expectSense(await weir.tasks())
      mutator.on = false
      // What a stream said is believed until it says otherwise; a new one begins with the truth.
      weir.cloud.cutStreams('reset')
      await weir.clock.advance(300_000)
      const tasks = await weir.tasks()
      expectSense(tasks)
      expect(await weir.source()).toMatchObject({ state: 'ok' })
      expect(tasks.map(({ id }) => id)).toEqual(expect.arrayContaining([long, short]))
      expect(await weir.task(long)).toMatchObject({ status: 'running', stream: { name: 'open' } })
      expect(await weir.task(short)).toMatchObject({ status: 'completed' })
      await weir.stop()
    }),
    { numRuns: fuzzRuns(20) },
  )
})
