import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packNumbers } from '#lib/pack.ts'
import { EMPTY_RECORD, type Readings, type SeriesPart } from '#model/device-events.ts'
import type { Track } from '#model/track.ts'
import { TopicStore } from '#streams/topic-store.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { DEVICE_VIEW, RECENT_MS } from './device-view.ts'

/*
 * A relay and a page over one channel of a device: whatever happens between them in whatever order, the page has each
 * sample once and in its place; what it held stays, unless the relay's record has lost it.
 */

interface Sample {
  t: number
  v: number
}

/** The newest that a relay had received may be lost when it is killed, ms. */
const LOST_MS = 500

class World {
  readonly page = new TopicStore(DEVICE_VIEW)
  epoch = 1
  boot = 1
  samples: Sample[] = []
  firstAt: number | null = null
  /** What came since it was started is in its memory. */
  startedAt = 0
  /** Values that were in a record and are no more. */
  readonly lost = new Set<number>()
  isLive = false
  now = 1_000_000
  #made = 0
  #began = 0

  get eventAt(): number | null {
    return this.samples.at(-1)?.t ?? null
  }

  send(count: number, step: number): void {
    const sent: Sample[] = []
    for (let k = 0; k < count; k++) sent.push({ t: (this.now += step), v: this.#made++ })
    this.samples.push(...sent)
    this.firstAt ??= this.now
    if (this.isLive) this.page.push([{ ...readings(this.now), messages: count, series: [partOf(sent)] }])
  }

  restart(lose: number): void {
    const from = (this.eventAt ?? 0) - LOST_MS
    // What it began with is on disk.
    const least = Math.max(1, this.#began)
    for (let left = lose; left > 0 && this.samples.length > least && this.eventAt! >= from; left--)
      this.lost.add(this.samples.pop()!.v)
    this.#began = this.samples.length
    this.boot += 1
    // It takes a moment until anything is received again.
    this.now += 2_000
    this.startedAt = this.now
    this.isLive = false
  }

  forget(): void {
    this.epoch += 1
    this.samples = []
    this.#began = 0
    this.firstAt = null
    // What a page holds of a record that is no more stays, also what that had lost.
    this.lost.clear()
    this.isLive = false
  }

  tell(): void {
    const { eventAt } = this
    const recent = this.samples.filter(({ t }) => t > this.startedAt && t >= eventAt! - RECENT_MS)
    const record = {
      ...EMPTY_RECORD,
      firstAt: this.firstAt,
      eventAt,
      messages: this.samples.length,
    }
    this.page.snapshot(
      { record, recent: eventAt === null ? null : { ...readings(eventAt), series: [partOf(recent)] } },
      { epoch: `e${this.epoch}`, boot: `${this.boot}`, at: this.now },
    )
    this.isLive = true
  }

  /** The page reads what it missed. */
  read(): void {
    const { bulk } = this.page
    for (const hole of bulk.holes)
      bulk.fill(hole, [partOf(this.samples.filter(({ t }) => t >= hole.from && t <= hole.to))])
  }

  /** The record has it, and the page knows that it lacks it. */
  canRead(value: number): boolean {
    const sample = this.samples.find(({ v }) => v === value)
    return (
      sample !== undefined && this.page.bulk.holes.some(({ from, to }) => sample.t >= from && sample.t <= to)
    )
  }

  shown(): Sample[] {
    return samplesOf(this.page.bulk.tracks.get('x'))
  }
}

function readings(at: number): Readings {
  return { k: 'readings', at, messages: 0, size: 0 }
}

function partOf(samples: readonly Sample[]): SeriesPart {
  return { c: 'x', t: packNumbers(samples.map(({ t }) => t)), v: packNumbers(samples.map(({ v }) => v)) }
}

function samplesOf(track: Track | undefined): Sample[] {
  const samples: Sample[] = []
  track?.forEach(-Infinity, Infinity, (t, v) => {
    if (!Number.isNaN(v)) samples.push({ t, v })
  })
  return samples
}

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(
        fc.constant('send'),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 5_000 }),
      ),
    },
    { weight: 3, arbitrary: fc.tuple(fc.constant('tell')) },
    fc.tuple(fc.constant('away')),
    fc.tuple(fc.constant('restart'), fc.nat(5)),
    fc.tuple(fc.constant('forget')),
    { weight: 2, arbitrary: fc.tuple(fc.constant('read')) },
  ),
  { minLength: 3, maxLength: 30 },
)

test('a page has each sample once and in its place, and holds what it held, in any order of events', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const world = new World()
      for (const [what, a = 0, b = 0] of all as [string, number?, number?][]) {
        world.page.commit()
        const before = world.shown()
        if (what === 'send') world.send(a, b)
        else if (what === 'tell') world.tell()
        else if (what === 'away') world.isLive = false
        else if (what === 'restart') world.restart(a)
        else if (what === 'forget') world.forget()
        else world.read()
        world.page.commit()
        const now = world.shown()
        const values = new Set(now.map(({ v }) => v))
        expect(values.size, 'a sample is there twice').toBe(now.length)
        expect(now.every(({ v, t }, k) => k === 0 || (v > now[k - 1]!.v && t >= now[k - 1]!.t))).toBe(true)
        for (const { v } of before)
          if (!values.has(v)) expect(world.lost.has(v) || world.canRead(v), `sample ${v} is gone`).toBe(true)
        if (what === 'tell')
          for (const { v } of now) expect(world.lost.has(v), `sample ${v} is in no record`).toBe(false)
      }
      // Once all was read that was missed, nothing is missing of the record since the page began with it.
      world.tell()
      world.page.commit()
      world.read()
      const first = world.shown().find(({ v }) => world.samples.some((each) => each.v === v))
      const own = world.samples.filter(({ v }) => first && v >= first.v)
      expect(world.shown().filter(({ v }) => first && v >= first.v)).toEqual(own)
      expect(world.page.bulk.holes).toEqual([])
    }),
    { numRuns: fuzzRuns(300) },
  )
})

test('what was missed breaks the line until it is read', () => {
  const world = new World()
  world.tell()
  world.send(10, 1_000)
  world.page.commit()
  world.isLive = false
  world.send(200, 1_000)
  world.tell()
  world.page.commit()
  const track = world.page.bulk.tracks.get('x')!
  const breaks = () => {
    let count = 0
    track.forEach(-Infinity, Infinity, (_, v) => void (count += Number.isNaN(v) ? 1 : 0))
    return count
  }
  expect([breaks(), world.shown().length]).toEqual([1, 71])
  world.read()
  expect([breaks(), world.shown().length]).toEqual([0, 210])
  expect(track.stats(-Infinity, Infinity)).toMatchObject({ n: 210, min: 0, max: 209 })
})

test('samples that did not reach the record before Weir was stopped are cut, and it is said', () => {
  const world = new World()
  world.tell()
  world.send(100, 200)
  world.page.commit()
  world.restart(3)
  world.tell()
  world.page.commit()
  world.read()
  expect(world.shown()).toEqual(world.samples)
  expect(world.page.store.getState().cut).toMatch(/^The newest samples that were shown here did not reach/)
})

test('a restart on the same record takes nothing, and is no gap', () => {
  const world = new World()
  world.tell()
  world.send(1_000, 1_000)
  world.page.commit()
  world.restart(0)
  world.tell()
  world.page.commit()
  world.read()
  expect(world.shown()).toHaveLength(1_000)
  expect(world.page.store.getState()).toMatchObject({ cut: null, record: { gapCount: 0 } })
})
