import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LOG_LINE_KINDS, OPEN_LINES } from '#model/log-buffer.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeBatch, StoreModel, storeRow, type ModelSample } from '#testing/store-model.ts'
import type { StoreBatch, StoredSamples } from '../../record/store.ts'
import type { Reader } from './reader.ts'

let root: string
let folders = 0

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'weir-model-'))
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

function newFolder(): string {
  const directory = join(root, String((folders += 1)))
  mkdirSync(directory)
  return directory
}

const IDS = ['a', 'b\0', '\ud800']
const address = (id: number) => storeRow(IDS[id]!).address

/** What happens to the record; the numbers are turned into what fits when it happens. */
type Step = { do: 'write'; parts: Part[] } | { do: 'seal' | 'reopen' | 'crash' }
type Part =
  | { part: 'row'; id: number; ended: boolean; status: string; json: string }
  | { part: 'events'; id: number; json: string; times: number }
  | { part: 'checkpoint'; id: number; json: string }
  | { part: 'lines'; id: number; back: number; texts: string[]; times: number; kind: number }
  | {
      part: 'samples'
      id: number
      channel: string
      even: boolean
      values: number[]
      times: number
      breaks: boolean
    }
  | { part: 'states'; id: number; channel: string; v: (string | boolean | null)[] }
  | { part: 'text'; id: number; name: string; text: string }
  | { part: 'removed'; id: number }

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', '\0', '\ud800', '\udc00\ud800', 'a\nb', '\x1a', '\x1a\x01', '{"k":"ä€😀"}'),
)
const id = fc.nat(IDS.length - 1)
const value = fc.oneof(
  fc.double(),
  fc.integer({ min: -5_000, max: 5_000 }).map((k) => k / 100),
)
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ part: fc.constant('row' as const), id, ended: fc.boolean(), status: text, json: text }),
  fc.record({
    part: fc.constant('events' as const),
    id,
    json: text,
    times: fc.oneof({ arbitrary: fc.constant(1), weight: 8 }, { arbitrary: fc.nat(3_000), weight: 1 }),
  }),
  fc.record({ part: fc.constant('checkpoint' as const), id, json: text }),
  fc.record({
    part: fc.constant('lines' as const),
    id,
    back: fc.integer({ min: -2, max: OPEN_LINES }),
    texts: fc.array(text, { maxLength: 6 }),
    times: fc.oneof({ arbitrary: fc.constant(1), weight: 8 }, { arbitrary: fc.nat(2_000), weight: 1 }),
    kind: fc.nat(LOG_LINE_KINDS.length - 1),
  }),
  fc.record({
    part: fc.constant('samples' as const),
    id,
    channel: fc.constantFrom('x', 'y\0'),
    even: fc.boolean(),
    values: fc.array(value, { minLength: 1, maxLength: 30 }),
    times: fc.oneof({ arbitrary: fc.constant(1), weight: 6 }, { arbitrary: fc.nat(800), weight: 1 }),
    breaks: fc.boolean(),
  }),
  fc.record({
    part: fc.constant('states' as const),
    id,
    channel: fc.constantFrom('x', 'mode'),
    v: fc.array(fc.oneof(text, fc.boolean(), fc.constant(null)), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ part: fc.constant('text' as const), id, name: text, text }),
  fc.record({ part: fc.constant('removed' as const), id }),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({ do: fc.constant('write' as const), parts: fc.array(part, { maxLength: 8 }) }),
    weight: 8,
  },
  { arbitrary: fc.record({ do: fc.constant('seal' as const) }), weight: 3 },
  { arbitrary: fc.record({ do: fc.constantFrom('reopen' as const, 'crash' as const) }), weight: 1 },
)

/** Makes batches that go on from each other. */
class Batches {
  #n = 0
  #t = 1_732_880_000_000

  of(parts: readonly Part[], model: StoreModel): StoreBatch {
    const batch = {
      rows: [] as StoreBatch['rows'][number][],
      events: [] as StoreBatch['events'][number][],
      checkpoints: [] as StoreBatch['checkpoints'][number][],
      lines: [] as StoreBatch['lines'][number][],
      samples: [] as StoredSamples[],
      states: [] as StoreBatch['states'][number][],
      texts: [] as StoreBatch['texts'][number][],
      removed: [] as string[],
    }
    const totals = new Map<number, number>()
    const removed = new Set(parts.flatMap((each) => (each.part === 'removed' ? [each.id] : [])))
    for (const each of parts) {
      const at = (this.#t += 0.25)
      const where = address(each.id)
      if (each.part === 'row')
        batch.rows.push(
          storeRow(IDS[each.id]!, { status: each.status, ended: each.ended ? at : null, json: each.json }),
        )
      else if (each.part === 'events')
        for (let k = 0; k < each.times; k++)
          batch.events.push({ address: where, n: (this.#n += 1), at, count: 1, json: `${each.json}${k}` })
      else if (each.part === 'checkpoint')
        batch.checkpoints.push({ address: where, n: this.#n, json: each.json })
      else if (each.part === 'lines') {
        const known = removed.has(each.id) ? 0 : (model.topics.get(where)?.total ?? 0)
        const total = totals.get(each.id) ?? known
        const first = Math.max(0, total - each.back)
        const texts = Array.from({ length: each.times }, () => each.texts).flat()
        totals.set(each.id, first + texts.length)
        batch.lines.push({
          address: where,
          first,
          at: texts.map((_, k) => at + k),
          kinds: texts.map((_, k) => (k % 3 === 0 ? 0 : each.kind)),
          texts,
        })
      } else if (each.part === 'samples') {
        const values = Array.from({ length: each.times + 1 }, () => each.values).flat()
        const times = values.map((_, i) => at + i * 0.1)
        batch.samples.push({
          address: where,
          channel: each.channel,
          times: each.even ? null : Float64Array.from(times),
          t0: at,
          dt: 0.1,
          values: Float64Array.from(each.breaks ? [...values.slice(0, -1), Number.NaN] : values),
          breaks: each.breaks,
        })
        this.#t = times.at(-1)!
      } else if (each.part === 'states')
        batch.states.push({ address: where, channel: each.channel, t: each.v.map(() => at), v: each.v })
      else if (each.part === 'text') batch.texts.push({ address: where, name: each.name, text: each.text })
      else batch.removed.push(where)
    }
    return storeBatch({ at: this.#t, last: this.#n, ...batch })
  }
}

/** All samples of a topic as pages give them, by channel. */
function allSamples(reader: Reader, where: string): Map<string, ModelSample[]> {
  const found = new Map<string, ModelSample[]>()
  let after: number | null = null
  do {
    const page = reader.sampleRuns(where, { from: -Infinity, to: Infinity, channels: [] }, after)
    for (const { channel, times, t0, dt, values, breaks } of page.runs) {
      const samples = found.get(channel) ?? []
      for (const [i, v] of values.entries())
        samples.push({ t: times?.[i] ?? t0 + i * dt, v, breaks: breaks && i === values.length - 1 })
      found.set(channel, samples)
    }
    after = page.next
  } while (after !== null)
  return found
}

function allStates(reader: Reader, where: string) {
  const { states } = reader.samples(where, { from: -Infinity, to: Infinity, points: 10, channels: [] })
  return new Map(states.map(({ c, t, v }) => [c, t.map((time, k) => ({ t: time, v: v[k] }))]))
}

function expectSame(reader: Reader, model: StoreModel): void {
  for (const k of IDS.keys()) {
    const where = address(k)
    const topic = model.topics.get(where)
    expect(reader.topic(where)).toEqual(model.topic(where))
    const total = topic?.total ?? 0
    for (const [from, to, most, chars] of [
      [0, total, Infinity, Infinity],
      [Math.floor(total / 2), total + 5, 7, 100],
      [0, Math.floor(total / 3), 1_000, 30],
    ] as const)
      expect(reader.lines(where, from, to, most, chars)).toEqual(model.lines(where, from, to, most, chars))
    expect(allSamples(reader, where)).toEqual(topic?.samples ?? new Map())
    expect(allStates(reader, where)).toEqual(topic?.states ?? new Map())
    for (const [name, kept] of topic?.texts ?? []) expect(reader.text(where, name)).toBe(kept)
  }
}

describe('what is on disk', () => {
  test('is what was written, whatever is sealed, reopened or killed in between', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let directory = newFolder()
        let pair = new RecordPair(directory)
        const model = new StoreModel()
        const batches = new Batches()
        for (const each of steps) {
          if (each.do === 'write') {
            const batch = batches.of(each.parts, model)
            pair.writer.write(batch)
            model.write(batch)
          } else if (each.do === 'seal') pair.seal()
          else {
            // A crash leaves the files as they are at this moment.
            if (each.do === 'crash') {
              const copy = newFolder()
              cpSync(directory, copy, { recursive: true })
              directory = copy
            }
            pair.close()
            pair = new RecordPair(directory)
          }
        }
        expectSame(pair.reader, model)
        pair.seal()
        expectSame(pair.reader, model)
        expect(pair.sql.first('PRAGMA integrity_check')).toEqual(['ok'])
        expect(pair.sql.first('PRAGMA foreign_key_check')).toBeUndefined()
        pair.close()
      }),
      { numRuns: fuzzRuns(25) },
    )
  })
})
