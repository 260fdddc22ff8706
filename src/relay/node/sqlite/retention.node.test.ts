import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createRandom } from '#lib/random.ts'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeBatch, storeRow } from '#testing/store-model.ts'
import type { Evicted, RetentionLimits } from '../../record/store.ts'
import { bytesIn } from './folder.ts'
import { checkpoint, giveBackSome } from './tidying.ts'

let directory: string
let pair: RecordPair

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-retention-'))
  pair = new RecordPair(directory)
})

afterEach(() => {
  pair.close()
  rmSync(directory, { recursive: true })
})

const DAY = 86_400_000
const random = createRandom(7)

/** A task that ended on a day, with about 100 kB each of samples, lines and events; null: it goes on. */
function record(id: string, day: number | null): void {
  const { address } = storeRow(id)
  const noise = () => Array.from({ length: 2_000 }, () => random.next().toString(36))
  const at = (day ?? 100) * DAY
  pair.writer.write(
    storeBatch({
      at: 100 * DAY,
      rows: [storeRow(id, { ended: day === null ? null : at })],
      samples: [
        {
          address,
          channel: 'x',
          times: null,
          t0: 0,
          dt: 1,
          values: Float64Array.from({ length: 15_000 }, () => random.next()),
          breaks: false,
        },
      ],
      lines: [{ address, first: 0, at: noise().map(() => at), kinds: noise().map(() => 0), texts: noise() }],
      events: [{ address, n: 1, at, count: 1, json: JSON.stringify(noise()) }],
      checkpoints: [{ address, n: 1, json: '{"whole":"state"}' }],
      texts: [{ address, name: 'output', text: '42' }],
    }),
  )
  pair.seal()
}

function retain(limits: Partial<RetentionLimits>): Evicted[] {
  const evicted: Evicted[] = []
  for (;;) {
    const step = pair.writer.retainSome({ ageMs: null, bytes: null, ...limits })
    evicted.push(...step.evicted)
    if (!step.more) return evicted
  }
}

function bytes(): number {
  while (giveBackSome(pair.sql, true));
  checkpoint(pair.sql)
  return bytesIn(directory)
}

describe('what is too old', () => {
  test('goes whole, but for what goes on and what has a star', () => {
    record('old', 1)
    record('starred', 1)
    record('new', 95)
    record('running', null)
    pair.sql.run("UPDATE topic SET starred = 1 WHERE name = 'starred'")
    const before = bytes()
    expect(retain({ ageMs: 90 * DAY })).toEqual([{ address: 'lab/tasks/old', what: 'topic' }])
    expect(pair.reader.topic('lab/tasks/old')).toBeNull()
    expect(pair.reader.text('lab/tasks/old', 'output')).toBeNull()
    for (const id of ['starred', 'new', 'running'])
      expect(pair.reader.topic(storeRow(id).address)?.log?.total).toBe(2_000)
    expect(bytes()).toBeLessThan(before * 0.85)
    expect(retain({ ageMs: 90 * DAY })).toEqual([])
  })
})

describe('what is too much', () => {
  const count = 40

  test('goes oldest first: samples of all, lines of all, events of all, and topics last', () => {
    for (let k = 0; k < count; k++) record(`t${k}`, k + 1)
    record('running', null)
    const whole = bytes()
    const inOrder = (what: Evicted['what'], evicted: readonly Evicted[]) =>
      evicted.filter((each) => each.what === what).map(({ address }) => address)
    const addresses = Array.from({ length: count }, (_, k) => `lab/tasks/t${k}`)

    const few = retain({ bytes: whole * 0.8 })
    expect(bytes()).toBeLessThan(whole * 0.82)
    expect(few.length).toBeGreaterThan(5)
    expect(few).toEqual(addresses.slice(0, few.length).map((address) => ({ address, what: 'samples' })))
    expect(pair.reader.samples(addresses[0]!, { from: 0, to: 1e9, points: 10, channels: [] }).series).toEqual(
      [],
    )
    expect(pair.reader.topic(addresses[0]!)?.log).toMatchObject({ first: 0, total: 2_000 })

    const more = retain({ bytes: whole * 0.2 })
    expect([...few, ...more].filter(({ what }) => what === 'samples').length).toBe(count)
    expect(inOrder('lines', more)).toEqual(addresses.slice(0, inOrder('lines', more).length))
    expect(pair.reader.topic(addresses[0]!)).toMatchObject({
      log: { first: 2_000, total: 2_000, tail: { texts: [] } },
      events: [],
      checkpoint: { json: '{"whole":"state"}' },
    })

    const all = retain({ bytes: 1 })
    expect(inOrder('events', [...more, ...all])).toEqual(addresses)
    expect(inOrder('topic', all)).toEqual(addresses)
    expect(pair.reader.addresses('tasks')).toEqual(['lab/tasks/running'])
    expect(pair.reader.topic('lab/tasks/running')?.log?.total).toBe(2_000)
    expect(retain({ bytes: 1 })).toEqual([])
    expect(pair.sql.first('PRAGMA integrity_check')).toEqual(['ok'])
  })

  test('of a log that then goes on has its numbers still', () => {
    record('a', 1)
    record('b', 2)
    const evicted: Evicted[] = []
    for (let limit = bytes(); !evicted.some(({ what }) => what === 'lines'); limit -= 4_096)
      evicted.push(...retain({ bytes: limit }))
    pair.writer.write(
      storeBatch({
        rows: [storeRow('a')],
        lines: [{ address: 'lab/tasks/a', first: 2_000, at: [5], kinds: [0], texts: ['again'] }],
      }),
    )
    expect(pair.reader.topic('lab/tasks/a')?.log).toEqual({
      first: 2_000,
      total: 2_001,
      tail: { first: 2_000, at: [5], kinds: [0], texts: ['again'] },
    })
  })
})
