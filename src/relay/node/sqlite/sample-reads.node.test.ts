import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { unpackNumbers } from '#lib/pack.ts'
import { createRandom } from '#lib/random.ts'
import { momentsOf } from '#model/moments.ts'
import { partsOf } from '#model/series-parts.ts'
import { Track } from '#model/track.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeBatch, storeRow } from '#testing/store-model.ts'

let directory: string
let pair: RecordPair
const { address } = storeRow('a')
/** A sample each 0.05 ms; batches of 250 ms. */
const DT = 0.05
const PER_BATCH = 5_000

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-samples-'))
  pair = new RecordPair(directory)
  pair.writer.write(storeBatch({ rows: [storeRow('a')] }))
})

afterEach(() => {
  pair.close()
  rmSync(directory, { recursive: true })
})

/**
 * Writes a noisy signal with spikes.
 * @param gapAfter the batch after which 10 s are missing
 */
function record(batches: number, gapAfter = Infinity): { t: number[]; v: number[] } {
  const random = createRandom(7)
  const t: number[] = []
  const v: number[] = []
  let t0 = 1_000
  for (let b = 0; b < batches; b++) {
    const breaks = b === gapAfter
    const values = Float64Array.from({ length: PER_BATCH }, (_, i) =>
      random.next() < 1e-4 ? 50 * random.normal() : Math.sin((t0 + i) / 900) + random.normal() / 20,
    )
    if (breaks) values[PER_BATCH - 1] = Number.NaN
    for (const [i, value] of values.entries()) {
      t.push(t0 + i * DT)
      v.push(value)
    }
    pair.writer.write(
      storeBatch({ samples: [{ address, channel: 'x', times: null, t0, dt: DT, values, breaks }] }),
    )
    pair.seal()
    t0 += breaks ? 10_000 : 250
  }
  return { t, v }
}

function pointsOf({ series }: SamplesAnswer): { t: number[]; v: number[] } {
  return {
    t: series.flatMap((part) => [...unpackNumbers(part.t)]),
    v: series.flatMap((part) => [...unpackNumbers(part.v)]),
  }
}

describe('samples of a range', () => {
  test.each([
    ['a look into blocks', 1_000],
    ['what blocks keep as extremes', 300],
    ['their summaries alone', 15],
  ])('show %s', (_, points) => {
    const { t, v } = record(60)
    const at = new Map(t.map((time, i) => [time, v[i]]))
    const [from, to] = [t[1_234]!, t[280_000]!]
    const answer = pair.reader.samples(address, { from, to, points, channels: ['x'] })
    const found = pointsOf(answer)
    expect(answer.exact).toBe(false)
    expect(answer.exactFrom).toBe(t[0])
    expect(found.t.length).toBeGreaterThan(points / 4)
    expect(found.t.length).toBeLessThan(points * 2)
    // Nothing is invented, and nothing that stands out is missed.
    expect(found.t.every((time, i) => Object.is(at.get(time), found.v[i]))).toBe(true)
    expect(found.t).toEqual(found.t.toSorted((a, b) => a - b))
    const within = v.filter((_value, i) => t[i]! >= from && t[i]! <= to)
    const highest = within.reduce((high, value) => Math.max(high, value))
    const lowest = within.reduce((low, value) => Math.min(low, value))
    expect(found.v).toContain(highest)
    expect(found.v).toContain(lowest)
    const told = answer.series.reduce((sum, { m }) => sum + m![0], 0)
    expect(Math.abs(told / within.length - 1)).toBeLessThan(points < 100 ? 0.1 : 0.01)
    const mean = answer.series.reduce((sum, { m }) => sum + m![0] * m![1], 0) / told
    expect(mean).toBeCloseTo(momentsOf(within).mean, points < 100 ? 1 : 2)
  })

  test('are all there are where these are few', () => {
    const { t, v } = record(20)
    const track = new Track()
    track.append(t, v)
    const range = { from: t[40_000]!, to: t[40_500]!, points: 1_000, channels: [] }
    const answer = pair.reader.samples(address, range)
    expect(answer).toMatchObject({ exact: true })
    expect(answer.series).toEqual(partsOf('x', track, range.from, range.to, range.points).parts)
  })

  test.each([1_000, 300, 15])('break where the line does: %i points', (points) => {
    const { t, v } = record(60, 30)
    const gap = t.findIndex((_time, i) => Number.isNaN(v[i]))
    const { t: times, v: values } = pointsOf(
      pair.reader.samples(address, { from: t[0]!, to: t.at(-1)!, points, channels: [] }),
    )
    const before = times.findLastIndex((time, i) => time < t[gap]! && !Number.isNaN(values[i]))
    expect(values[before + 1]).toBeNaN()
    expect(times[before + 2]!).toBeGreaterThan(t[gap]! + 9_000)
  })

  test('are read to their end in pages, each once', () => {
    const { t, v } = record(120)
    const found: { t: number[]; v: number[] } = { t: [], v: [] }
    let after: number | null = null
    let pages = 0
    do {
      const page = pair.reader.sampleRuns(address, { from: t[10]!, to: t.at(-10)!, channels: ['x'] }, after)
      for (const { times, t0, dt, values } of page.runs)
        for (const [i, value] of values.entries()) {
          found.t.push(times?.[i] ?? t0 + i * dt)
          found.v.push(value)
        }
      after = page.next
      pages += 1
    } while (after !== null)
    expect(pages).toBeGreaterThan(2)
    expect(found.t.length).toBe(t.length - 19)
    expect(found.t.every((time, i) => time === t[i + 10] && found.v[i] === v[i + 10])).toBe(true)
  })

  test('of a topic or channel that there is not are none', () => {
    const range = { from: 0, to: 1e6, points: 100, channels: ['y'] }
    expect(pair.reader.samples('lab/tasks/b', range)).toEqual({
      series: [],
      states: [],
      exactFrom: null,
      exact: true,
    })
    expect(pair.reader.samples(address, range)).toEqual({
      series: [],
      states: [],
      exactFrom: null,
      exact: true,
    })
    expect(pair.reader.sampleRuns('lab/tasks/b', range, null)).toEqual({ runs: [], states: [], next: null })
  })
})
