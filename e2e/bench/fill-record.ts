// Writes a record as it is after months: FOLDER TASKS LINES, so many tasks that have ended, and so many lines in all
// their logs. Through the product's own writer, without waiting for the disk.
import { stringifyExact } from '#lib/exact-json.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { makeFolder, databaseIn } from '#relay/node/sqlite/folder.ts'
import { openDatabase } from '#relay/node/sqlite/schema.ts'
import { checkpoint, giveBackSome } from '#relay/node/sqlite/tidying.ts'
import { Writer } from '#relay/node/sqlite/writer.ts'
import type { StoreBatch } from '#relay/record/store.ts'
import { TASK } from '#topics/task.ts'

const DAYS = 80
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SOURCE = 'bench'
/** Logs differ in length: these parts of the mean, in turn. */
const LENGTHS = [0.25, 0.5, 1, 2.25]
/** Progress that stands beside the lines of each. */
const STEPS = 50
const AT_ONCE = 25

const [directory, tasks, lines] = [process.argv[2]!, Number(process.argv[3]), Number(process.argv[4])]
const now = Date.now()
let n = 0

makeFolder(directory)
const sql = openDatabase(databaseIn(directory))
sql.run('PRAGMA synchronous = OFF')
const writer = new Writer(sql)
writer.open()
for (let k = 0; k < tasks; k += AT_ONCE) {
  const parts = Array.from({ length: Math.min(AT_ONCE, tasks - k) }, (_, i) => endedTask(k + i))
  writer.write({
    at: now,
    last: n,
    rows: parts.map(({ row }) => row),
    events: parts.map(({ events }) => events),
    checkpoints: parts.map(({ checkpoint: kept }) => kept),
    lines: parts.map(({ log }) => log),
    samples: [],
    states: [],
    texts: [],
    removed: [],
  } satisfies StoreBatch)
  while (writer.sealSome());
}
while (giveBackSome(sql, true));
checkpoint(sql)
sql.close()

/** A task that ran for an hour, some time in these days. */
function endedTask(k: number) {
  const id = `old-${String(k).padStart(5, '0')}`
  const address = `${SOURCE}/tasks/${id}`
  const count = Math.round((lines / tasks) * LENGTHS[k % LENGTHS.length]!)
  const began = now - DAY_MS - (((k * 7_919) % tasks) / tasks) * DAYS * DAY_MS
  const timeOf = (line: number) => began + Math.round((line / count) * HOUR_MS)
  const texts = Array.from({ length: count }, (_, line) => textOf(k, line))
  const progress = Array.from({ length: STEPS }, (_, step): TaskEvent => {
    const line = Math.floor((step / STEPS) * count)
    return {
      k: 'progress',
      at: timeOf(line),
      step,
      total: STEPS,
      percent: (step / STEPS) * 100,
      message: textOf(k, line),
    }
  })
  const ended = began + HOUR_MS
  const events: TaskEvent[] = [
    { k: 'started', at: began, origin: 'command', type: 'TrainingTask', params: { seed: k, rate: 0.001 } },
    ...progress,
    {
      k: 'outcome',
      at: ended,
      status: 'completed',
      origin: 'poll',
      endedAt: ended,
      endedOrigin: 'poll',
      result: null,
      error: null,
    },
    { k: 'forgotten', at: ended + HOUR_MS },
  ]
  const empty = TASK.empty({ source: SOURCE, id, sourceKind: 'labdaemon' }, began)
  const state = { ...TASK.reduce(empty, events, () => undefined), log: { first: 0, total: count } }
  const row = TASK.row(state)!
  const json = stringifyExact(events).slice(1, -1)
  n += 1
  return {
    row: { address, kind: TASK.name, source: SOURCE, id, ...TASK.columns(row), json: stringifyExact(row) },
    events: { address, n, at: ended, count: events.length, json },
    checkpoint: { address, n, json: stringifyExact(state) },
    log: { address, first: 0, at: texts.map((_, line) => timeOf(line)), kinds: texts.map(() => 0), texts },
  }
}

/** About a hundred characters, with numbers that do not repeat. */
function textOf(k: number, line: number): string {
  const noise = (line * 2_654_435_761 + k * 40_503) % 1_000_003
  return (
    `epoch ${Math.floor(line / 100)} step ${line} loss=${(noise / 1e6).toFixed(6)} ` +
    `grad_norm=${((noise * 7) % 1_000) / 100} lr=${(1e-3 / (1 + line)).toExponential(3)} samples/s=${2_000 + (noise % 400)}`
  )
}
