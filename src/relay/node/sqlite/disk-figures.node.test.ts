import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRandom } from '#lib/random.ts'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeBatch, storeRow } from '#testing/store-model.ts'
import type { StoredEvents, StoredLines } from '../../record/store.ts'
import { bytesIn } from './folder.ts'
import { checkpoint, giveBackSome } from './tidying.ts'

let directory: string
let pair: RecordPair

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-figures-'))
  pair = new RecordPair(directory)
})

afterEach(() => {
  pair.close()
  rmSync(directory, { recursive: true })
})

/** As a thread does it when nothing was written for a while. */
function tidy(): void {
  pair.seal()
  while (giveBackSome(pair.sql, true));
  checkpoint(pair.sql)
}

/** Says a share and gives it back. */
function share(what: string, bytes: number, of: number): number {
  // oxlint-disable-next-line no-console
  console.log(`${what}: ${bytes} bytes, ${(bytes / of).toFixed(3)} of ${of}`)
  return bytes / of
}

test('progress and logs take half of their raw JSON while tasks run, and a quarter afterwards', () => {
  const random = createRandom(7)
  const ids = Array.from({ length: 20 }, (_, k) => `training-${k}`)
  let raw = 0
  let n = 0
  let at = 1_732_880_000_000
  for (let step = 0; step < 6_000; step += 10) {
    at += 250
    const events: StoredEvents[] = []
    const lines: StoredLines[] = []
    for (const id of ids) {
      const address = storeRow(id).address
      const texts = Array.from(
        { length: 10 },
        (_, k) =>
          `epoch ${Math.floor(step / 600)}, step ${step + k}: loss ${(0.2 + random.next() / (1 + step)).toFixed(4)}`,
      )
      for (const [k, message] of texts.entries())
        raw +=
          `{"step": ${step + k}, "total": 6000, "progress_percent": ${(step + k) / 60}, "message": "${message}"}`
            .length
      const progress = texts.map((message, k) => ({
        k: 'progress',
        at,
        step: step + k,
        total: 6_000,
        percent: (step + k) / 60,
        message,
      }))
      events.push({ address, n: (n += 10), at, count: 10, json: JSON.stringify(progress).slice(1, -1) })
      lines.push({ address, first: step, at: texts.map(() => at), kinds: texts.map(() => 0), texts })
    }
    pair.writer.write(storeBatch({ at, last: n, rows: ids.map((id) => storeRow(id)), events, lines }))
    if (step % 100 === 0) pair.seal()
  }
  expect(share('progress and logs of running tasks', bytesIn(directory), raw)).toBeLessThan(0.5)
  pair.writer.write(storeBatch({ at, last: n, rows: ids.map((id) => storeRow(id, { ended: at })) }))
  tidy()
  expect(share('progress and logs of ended tasks', bytesIn(directory), raw)).toBeLessThan(0.25)
})

test.each([
  ['six decimals', 0.35, (x: number) => Math.round(x * 1e6) / 1e6],
  ['any doubles', 0.95, (x: number) => x],
] as const)('samples of %s take at most %f of their doubles', (what, most, rounded) => {
  const random = createRandom(7)
  pair.writer.write(storeBatch({ rows: [storeRow('a')] }))
  let count = 0
  for (let t0 = 0; t0 < 10_000; t0 += 250) {
    const values = Float64Array.from({ length: 25_000 }, (_, i) =>
      rounded(2 * Math.sin((t0 + i / 100) / 300) + random.normal() / 4),
    )
    count += values.length
    const { address } = storeRow('a')
    pair.writer.write(
      storeBatch({
        samples: [{ address, channel: 'volts', times: null, t0, dt: 0.01, values, breaks: false }],
      }),
    )
  }
  tidy()
  expect(share(`samples of ${what}`, bytesIn(directory), count * 8)).toBeLessThan(most)
})
