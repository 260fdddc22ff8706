import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pass } from 'node:timers/promises'
import { expect, test } from '../fixtures.ts'
import { FastSource } from '../helpers/fast-source.ts'
import { PageWatch, type ToldProgress } from '../helpers/page-watch.ts'
import { readRecord, type KeptTask } from '../helpers/read-record.ts'
import type { RelayProcess } from '../helpers/relay-process.ts'

/** `npm run long` kills more often, on a machine that does nothing else. */
const KILLS = Number(process.env.WEIR_KILLS ?? 2)
/** So much of what pages were told may not be on disk, ms; a busy machine needs longer to write it. */
const LOST_MS = Number(process.env.WEIR_KILL_LOST_MS ?? 2_000)
const TASKS = 50
const RATE = 20_000
/** Weir lives so long, ms. */
const LIFE = { least: 1_000, most: 2_500 }
/** Tasks of which parameters are set. */
const STEERED = ['t000', 't001', 't002', 't003', 't004', 't005', 't006', 't007']

let folder: string
let source: FastSource

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-kill-'))
  source = new FastSource()
  await source.listen(TASKS)
})
test.afterEach(() => {
  source.close()
  rmSync(folder, { recursive: true, force: true })
})

test('Weir is killed while much comes in: what it had is there once and whole, what is missing is said, no command is sent twice', async ({
  startRelay,
}) => {
  test.setTimeout(60_000 + KILLS * 30_000)
  const relay = await startRelay(['--source', `lab=labdaemon:${source.url}`, '--data', folder])
  const topics = Array.from({ length: TASKS }, (_, k) => `lab/tasks/${idOf(k)}`)
  const steering = new Steering()
  for (let kill = 1; kill <= KILLS; kill++) {
    await allStreamsOpen()
    const page = await PageWatch.open(relay, topics)
    await source.send(RATE)
    const life = LIFE.least + Math.random() * (LIFE.most - LIFE.least)
    // Each command has all written before it: in every second life there are none.
    const commands = kill % 2 === 1 ? [] : STEERED.map((id) => steering.go(relay, id))
    if (commands.length > 0) await steering.works()
    await pass(life)
    await relay.stop('SIGKILL')
    await Promise.all(commands)
    await source.send(0)
    const told = await page.told()
    await test.step(`kill ${kill}, after ${Math.round(life)} ms`, async () => {
      const { tasks, integrity } = readRecord(folder)
      expect(integrity).toEqual(['ok'])
      expect(tasks).toHaveLength(TASKS)
      for (const task of tasks) isWhole(task, kill)
      expect(told.length).toBeGreaterThan(0)
      expect(lostMs(tasks, told)).toBeLessThanOrEqual(LOST_MS)
      steering.isKnown(tasks, await source.parameters())
    })
    await relay.start()
  }
  await allStreamsOpen()
  const { detail } = await relay.task('t000')
  expect(detail.gaps.filter(({ cause }) => cause === 'weir-away')).toHaveLength(KILLS)
  // Of what was under way nobody waits for an answer any more.
  expect(
    detail.commands.filter(({ acceptedAt, failedAt }) => acceptedAt === null && failedAt === null),
  ).toEqual([])
  const parameters = await source.parameters()
  expect(new Set(parameters).size).toBe(parameters.length)
})

async function allStreamsOpen(): Promise<void> {
  await expect.poll(() => source.open(), { timeout: 30_000 }).toBe(TASKS)
}

const idOf = (k: number) => `t${String(k).padStart(3, '0')}`

/** The number of a line of the source's. */
const stepIn = (text: string) => Number(/line=(\d+)/.exec(text)?.[1] ?? -1)

/** Commands that go out while Weir is killed: each sets a parameter to a number of its own. */
class Steering {
  readonly #accepted: number[] = []
  #newest = 0
  /** Commands that the source had got before. */
  #seen = 0

  /** One after another, until Weir does not answer. */
  async go(relay: RelayProcess, id: string): Promise<void> {
    try {
      for (;;) {
        const value = (this.#newest += 1)
        await relay.api(`/tasks/lab/${id}/parameters`, { key: 'gain', value })
        this.#accepted.push(value)
      }
    } catch {
      // It was killed.
    }
  }

  /** Resolves once a command was accepted. */
  async works(): Promise<void> {
    const before = this.#accepted.length
    await expect.poll(() => this.#accepted.length, { timeout: 30_000 }).toBeGreaterThan(before)
  }

  /** What the source was sent came once and is on disk; what was said to be accepted was sent. */
  isKnown(tasks: readonly KeptTask[], parameters: readonly string[]): void {
    const sent = parameters.map((body) => (JSON.parse(body) as { value: number }).value)
    expect(new Set(sent).size, 'commands that were sent').toBe(sent.length)
    expect(sent).toEqual(expect.arrayContaining(this.#accepted))
    // Tasks keep their newest.
    const kept = new Set(tasks.flatMap(({ state }) => state.detail.commands.map(({ text }) => text)))
    for (const value of sent.slice(this.#seen)) expect(kept).toContain(`set gain = ${value}`)
    this.#seen = sent.length
  }
}

/** Nothing of it is there twice or in part, and where something is missing it is said. */
function isWhole({ id, row, state, total, lines }: KeptTask, kills: number): void {
  // The log's place is that of the lines on disk.
  const { detail: _, log: __, ...summary } = state
  expect({ ...summary, log: row.log }, id).toEqual(row)
  expect(total, id).toBe(row.log.total)
  expect(lines, id).toHaveLength(total)
  let steps = 0
  let last = -1
  let isSaid = false
  for (const { kind, text } of lines) {
    const step = kind === 'out' ? stepIn(text) : null
    if (step === null) {
      isSaid ||= kind === 'gap'
      continue
    }
    if (step !== last + 1 && !(isSaid && step > last + 1))
      throw new Error(`${id}: after step ${last} comes ${step}${isSaid ? ', with a gap' : ''}`)
    steps += 1
    last = step
    isSaid = false
  }
  expect(state.events, id).toBe(steps)
  expect(state.detail.gaps.filter(({ cause }) => cause === 'weir-away').length, id).toBe(kills - 1)
}

/** How long it took to tell pages what is not on disk, by Weir's own clock, ms. */
function lostMs(tasks: readonly KeptTask[], told: readonly ToldProgress[]): number {
  const kept = new Map(
    tasks.map(({ id, lines }) => [id, stepIn(lines.findLast(({ kind }) => kind === 'out')?.text ?? '')]),
  )
  const lost = told.filter(({ id, step }) => step > (kept.get(id) ?? -1)).map(({ at }) => at)
  return lost.length === 0 ? 0 : Math.max(...told.map(({ at }) => at)) - Math.min(...lost)
}
