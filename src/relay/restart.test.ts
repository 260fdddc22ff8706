import { describe, expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import { unpackNumbers } from '#lib/pack.ts'
import { startCloud } from '#testing/cloud.ts'
import { startLab, type TestLab } from '#testing/lab.ts'
import { MemoryStore } from '#testing/memory-store.ts'

async function ended({ relay, clock }: TestLab): Promise<void> {
  const stopped = relay.stop()
  await clock.advance(20_000)
  await stopped
}

test('a task of a lab goes on over a restart of Weir: its log, its numbers, and what was missed', async () => {
  const lab = await startLab({}, new MemoryStore())
  await lab.start('sweep', 'WavelengthSweepTask', { steps: 200, delay: 0.2 })
  await lab.clock.advance(5_000)
  const before = await lab.task('sweep')
  const said = (await lab.log('sweep')).slice(0, -3)
  expect(before.progress!.step).toBeGreaterThan(5)
  await lab.restart(4_000)
  await lab.clock.advance(3_000)
  const after = await lab.task('sweep')
  expect(after).toMatchObject({
    status: 'running',
    firstSeenAt: before.firstSeenAt,
    startedAt: before.startedAt,
  })
  expect(after.progress!.step).toBeGreaterThan(before.progress!.step! + 15)
  // That the stream was cut by it is no gap of its own.
  expect(after).toMatchObject({ gapCount: 1, detail: { gaps: [{ cause: 'weir-away' }] } })
  const [gap] = after.detail.gaps
  expect(gap!.from).toBeLessThanOrEqual(before.eventAt!)
  expect(gap!.to).toBeGreaterThan(before.eventAt! + 4_000)
  // What came in the last quarter of a second was not on disk yet.
  const [, last] = /between step (\d+) and/.exec(gap!.text) ?? []
  expect(before.progress!.step! - Number(last)).toBeLessThanOrEqual(2)
  expect((await lab.log('sweep')).slice(0, said.length)).toEqual(said)
  const { series } = (await lab.ask('/tasks/lab/sweep/samples')).body as SamplesAnswer
  const times = [...unpackNumbers(series[0]!.t)]
  expect(times[0]).toBeLessThan(before.eventAt!)
  expect(times.at(-1)).toBeGreaterThan(before.eventAt! + 4_000)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  await ended(lab)
})

test('what ended while Weir was away is read from the server, and stands with its result', async () => {
  const lab = await startLab({}, new MemoryStore())
  await lab.start('short', 'WavelengthSweepTask', { steps: 20, delay: 0.1 })
  await lab.clock.advance(1_000)
  expect(await lab.task('short')).toMatchObject({ status: 'running' })
  await lab.restart(10_000)
  await lab.clock.advance(3_000)
  expect(await lab.task('short')).toMatchObject({ status: 'completed' })
  const output = (await lab.ask('/tasks/lab/short/output')).body
  await lab.restart(1_000)
  expect(await lab.task('short')).toMatchObject({ status: 'completed' })
  expect((await lab.ask('/tasks/lab/short/output')).body).toEqual(output)
  const { commands } = (await lab.ask('/commands')).body as { commands: Command[] }
  expect(commands).toMatchObject([{ verb: 'start', target: 'short', error: null }])
  await ended(lab)
})

test('a batch starts what is left of it after a restart, and a time limit still holds', async () => {
  const lab = await startLab({}, new MemoryStore())
  const inputs = Array.from({ length: 4 }, () => ({ steps: 20, delay: 0.1 }))
  await lab.ask('/batches/lab', {
    type: 'WavelengthSweepTask',
    name: 'four',
    idPrefix: 'b',
    concurrency: 1,
    inputs,
  })
  await lab.start('long', 'WavelengthSweepTask', { steps: 9_999, delay: 0.1 })
  const put = new Request('http://weir.test/api/tasks/lab/long/timeout', {
    method: 'PUT',
    body: JSON.stringify({ afterMs: 60_000 }),
    headers: { 'content-type': 'application/json' },
  })
  expect((await lab.relay.fetch(put)).ok).toBe(true)
  await lab.clock.advance(1_000)
  await lab.restart(2_000)
  await lab.clock.advance(40_000)
  for (const id of ['b-1', 'b-2', 'b-3', 'b-4'])
    expect(await lab.task(id)).toMatchObject({ status: 'completed', batch: expect.any(String) as string })
  expect(await lab.task('long')).toMatchObject({ status: 'running' })
  await lab.clock.advance(40_000)
  expect(await lab.task('long')).toMatchObject({ status: 'cancelled' })
  await ended(lab)
})

test('a device stream that was held goes on with its samples, unless it is past its time or somebody has it', async () => {
  const lab = await startLab({}, new MemoryStore())
  const start = (id: string, keepMs: number) =>
    lab.ask(`/devices/lab/${id}/stream/start`, { keepMs, force: false })
  const starting = [start('thermo1', 600_000), start('counter1', 1_000)]
  await lab.clock.advance(900)
  for (const { status } of await Promise.all(starting)) expect(status).toBe(200)
  await lab.restart(30_000)
  await lab.clock.advance(10_000)
  const device = async (id: string) =>
    ((await lab.ask(`/devices/lab/${id}`)).body as { device: Device }).device
  expect(await device('thermo1')).toMatchObject({ stream: { name: 'open' }, hold: { keepMs: 600_000 } })
  expect(await device('counter1')).toMatchObject({ hold: null })
  const { series } = (await lab.ask('/devices/lab/thermo1/samples')).body as SamplesAnswer
  const times = [...unpackNumbers(series[0]!.t)]
  expect(times.at(-1)! - times[0]!).toBeGreaterThan(30_000)
  expect(lab.lab.violations).toEqual([])
  await ended(lab)
})

describe('a held stream that another client has when Weir comes back', () => {
  /** Weir was killed while it held a stream; the other client reads it until it leaves. */
  async function taken() {
    const lab = await startLab({}, new MemoryStore())
    const starting = lab.ask('/devices/lab/thermo1/stream/start', { keepMs: 3_600_000, force: false })
    await lab.clock.advance(900)
    expect((await starting).status).toBe(200)
    const device = async () => ((await lab.ask('/devices/lab/thermo1')).body as { device: Device }).device
    const { by } = (await device()).hold!
    let other!: Promise<ReadableStreamDefaultReader<Uint8Array>>
    lab.clock.setTimeout(() => {
      other = lab.lab
        .fetch(new Request('http://lab.test/stream/devices/thermo1'))
        .then(({ body }) => body!.getReader())
    }, 4_000)
    await lab.restart(5_000)
    const reader = await other
    const reading = (async () => {
      while (!(await reader.read()).done);
    })()
    const leave = async () => {
      await reader.cancel()
      await reading
    }
    return { lab, device, by, leave }
  }

  test('is not forgotten when Weir is killed again, and opened once it is free', async () => {
    const { lab, device, by, leave } = await taken()
    for (let n = 0; n < 2; n++) {
      await lab.clock.advance(10_000)
      expect(await device()).toMatchObject({
        hold: null,
        heldBefore: { by, keepMs: 3_600_000 },
        stream: { name: 'reconnecting', reason: expect.stringMatching(/^waits until the server/) as string },
      })
      await lab.restart(1_000)
    }
    await leave()
    await lab.clock.advance(30_000)
    expect(await device()).toMatchObject({ stream: { name: 'open' }, hold: { by }, heldBefore: null })
    await ended(lab)
  })

  test('is given up after a while, in words, and for good', async () => {
    const { lab, device, leave } = await taken()
    await lab.clock.advance(11 * 60_000)
    expect(await device()).toMatchObject({
      hold: null,
      heldBefore: null,
      stream: { name: 'closed', reason: 'not opened again: it streams for another client of the server' },
    })
    await leave()
    await lab.restart(1_000)
    await lab.clock.advance(30_000)
    expect(await device()).toMatchObject({ hold: null, heldBefore: null })
    await ended(lab)
  })
})

test('a run of inference.sh goes on over a restart: no line, no state and no output twice', async () => {
  const { clock, restart, run, task, log, relay: _, ...cloud } = await startCloud({}, new MemoryStore())
  const id = await run('weirdemo/logmill', { lines: 4_000, per_second: 100 })
  await clock.advance(20_000)
  const before = await task(id)
  expect(before.status).toBe('running')
  const said = await log(id)
  expect(said.length).toBeGreaterThan(3)
  await restart(3_000)
  await clock.advance(10_000)
  const after = await task(id)
  const states = after.phases.map(({ status }) => status)
  expect(states.slice(0, before.phases.length)).toEqual(before.phases.map(({ status }) => status))
  expect(new Set(states).size).toBe(states.length)
  const now = (await log(id)).filter((text) => !text.startsWith('Weir was not running'))
  expect(now.slice(0, said.length - 1)).toEqual(said.slice(0, -1))
  expect(new Set(now).size).toBe(now.length)
  await cloud.stop()
})
