import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import { RecordPair } from '#testing/record-pair.node.ts'
import { storeRow } from '#testing/store-model.ts'
// The linter looks into the program itself, where nothing is exported.
// oxlint-disable-next-line import/default
import program from '#testing/writing-child.node.ts?thread'

let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'weir-kill-'))
})

afterEach(() => {
  rmSync(directory, { recursive: true })
})

/** Lets the program write so many batches, and kills it in its middle. @returns the last batch it said is written */
async function writeAndKill(batches: number): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(program), directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = 0
  let written = 0
  for await (const line of createInterface(child.stdout)) {
    last = Number(line)
    if ((written += 1) === batches) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return last
}

test('a program that is killed while it writes leaves each batch whole or not at all, and none that it said to be written is missing', async () => {
  const { address } = storeRow('a')
  for (let round = 1; round <= fuzzRuns(2); round++) {
    const said = await writeAndKill(60 + ((round * 37) % 50))
    const pair = new RecordPair(directory)
    const { row, events, checkpoint, log } = pair.reader.topic(address)!
    const { n } = JSON.parse(row.json) as { n: number }
    expect(n).toBeGreaterThanOrEqual(said)
    expect(pair.sql.first('SELECT last, alive_at FROM record')).toEqual([n, n])
    expect(checkpoint?.n ?? 0).toBe(n - (n % 50))
    const numbers = events.map((json) => (JSON.parse(json) as { n: number }).n)
    expect(numbers).toEqual(Array.from({ length: n % 50 }, (_, k) => n - (n % 50) + k + 1))
    expect(log).toMatchObject({ first: 0, total: n + 1 })
    const { texts } = pair.reader.lines(address, 0, n + 1, Infinity, Infinity)
    expect(texts.map((text) => text.replaceAll('·', '').trim())).toEqual([
      ...Array.from({ length: n }, (_, k) => `line ${k + 1}`),
      `${n} of many`,
    ])
    const { runs, states } = pair.reader.sampleRuns(address, { from: 0, to: Infinity, channels: [] }, null)
    expect(runs.flatMap(({ values }) => [...values])).toEqual(
      Array.from({ length: n * 3 }, (_, i) => Math.floor(i / 3) + 1),
    )
    expect(states[0]?.t.length).toBe(n)
    expect(pair.sql.first('PRAGMA integrity_check')).toEqual(['ok'])
    pair.close()
  }
})
