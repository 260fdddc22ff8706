import { afterEach, expect, test } from 'vitest'
import type { Command } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { Call, DeviceAnswer, Problem } from '#protocols/weir/api.ts'
import { startLab, type TestLab } from '#testing/lab.ts'

let lab: TestLab | undefined

async function begin(options?: Parameters<typeof startLab>[0]): Promise<TestLab> {
  lab = await startLab(options)
  return lab
}

afterEach(async () => {
  if (!lab) return
  const stopped = lab.relay.stop()
  await lab.clock.advance(20_000)
  await stopped
  expect(lab.lab.openStreams()).toEqual([])
  lab.lab.stop()
  expect(lab.lab.violations).toEqual([])
  lab = undefined
})

const of = (id: string) => `/devices/lab/${id}`

async function device(id: string): Promise<Device> {
  return ((await lab!.ask(of(id))).body as DeviceAnswer).device
}

test('a free device: started at once, its messages recorded, stopped the server’s way', async () => {
  const { clock, ask, lab: server } = await begin()
  const started = ask(`${of('thermo1')}/stream/start`, {})
  await clock.advance(1_500)
  expect((await started).body).toMatchObject({
    command: { verb: 'stream/start', effectNote: 'the server sends its stream' },
  })
  await clock.advance(5_000)
  const { device: held, record } = (await ask(of('thermo1'))).body as DeviceAnswer
  expect(held).toMatchObject({ streaming: true, stream: { name: 'open' }, hold: { by: 'api' }, rate: 1 })
  expect(record.messages).toBeGreaterThan(4)
  const stopped = ask(`${of('thermo1')}/stream/stop`, {})
  await clock.advance(3_000)
  expect(((await stopped).body as { command: Command }).command.effectiveAt).not.toBeNull()
  expect(await device('thermo1')).toMatchObject({ streaming: false, hold: null, stream: { name: 'closed' } })
  expect(server.openStreams()).toEqual([])
})

test('a call: its result beside it, a wrong value in the server’s own words', async () => {
  const { ask } = await begin()
  const right = await ask(`${of('laser1')}/call`, { method: 'set_wavelength', args: [1551.5] })
  expect(right).toMatchObject({
    status: 200,
    body: { command: { text: 'set_wavelength(1551.5)' }, call: { result: { preview: '1551.5', bytes: 6 } } },
  })
  const wrong = await ask(`${of('laser1')}/call`, { method: 'set_wavelength', args: [2_000] })
  expect(wrong.status).toBe(400)
  expect((wrong.body as Problem).source).toMatchObject({ type: 'ValueError' })
  expect((await device('laser1')).lastError).toMatchObject({ type: 'ValueError' })
  const { calls } = (await ask(`${of('laser1')}/calls`)).body as { calls: Call[] }
  expect(calls.map(({ error }) => error?.type ?? null)).toEqual(['ValueError', null])
})
