import * as fc from 'fast-check'
import { afterEach, expect, test } from 'vitest'
import { createLabDaemon, type LabDaemonEmulator } from '#emulator/labdaemon/index.ts'
import { ManualClock } from '#lib/clock.ts'
import { inProcess } from '#lib/in-process.ts'
import type { StreamState } from '#model/stream-state.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import { fuzzRuns } from '#testing/fuzz-runs.ts'
import type { SourceContext } from '../../../source-adapter.ts'
import { createLab, type Lab } from '../lab.ts'
import { DeviceStream } from './device-stream.ts'
import type { SseMessage } from '../../../read-sse.ts'
import type { Permission, StreamOwner, StreamRules } from './stream-owner.ts'
import type { Turn } from './stream-queue.ts'

/** Whose stream it is: it may be opened whenever nobody else has it, and what came is counted. */
class Owner implements StreamOwner {
  readonly rules: StreamRules
  readonly states: StreamState[] = []
  readonly interruptions: string[] = []
  messages = 0

  constructor(rules: Partial<StreamRules>) {
    this.rules = {
      missing: 'end',
      heldBy: 'held by another',
      respectsStops: false,
      stoppedPerMinute: 2,
      sparesOwners: false,
      ...rules,
    }
  }

  turn(): Turn {
    return { class: 'open-device' }
  }

  mayOpen({ streaming }: DeviceBody): Permission {
    return { do: streaming ? 'wait' : 'open' }
  }

  received(messages: readonly SseMessage[]): void {
    this.messages += messages.filter(({ event }) => event === 'device_data').length
  }

  streamChanged(state: StreamState): void {
    this.states.push(state)
  }

  interrupted(_cut: boolean, why: string): void {
    this.interruptions.push(why)
  }
}

interface Scene {
  clock: ManualClock
  server: LabDaemonEmulator
  lab: Lab
  owner: Owner
  stream: DeviceStream
  /** Names of the states so far, each once in a row. */
  names(): string[]
  /** Somebody else asks the server to stop the device's stream. */
  stopByOthers(): Promise<void>
  /** Lets time pass as the adapter does: signs of life are looked for once a second. */
  pass(seconds: number): Promise<void>
}

const scenes: Scene[] = []

afterEach(async () => {
  for (const scene of scenes.splice(0)) await end(scene)
})

/** Leaves the stream, ends the server, and judges how that was treated. */
async function end({ clock, server, stream }: Scene): Promise<void> {
  let isLeft = false
  void stream.finish('the test is over').then(() => (isLeft = true))
  await clock.advance(20_000)
  expect(isLeft).toBe(true)
  server.stop()
  expect(server.violations).toEqual([])
}

function begin(rules: Partial<StreamRules> = {}, device = 'daq1'): Scene {
  const clock = new ManualClock()
  const server = createLabDaemon({ clock, strict: true, preset: 'bench' })
  const fetch = inProcess((request) => server.fetch(request))
  // Of what the relay lends to an adapter, streams need no more.
  const context = { name: 'lab', clock, random: () => 0.5, secrets: [], report: () => undefined }
  const lab = createLab(context as unknown as SourceContext, 'http://lab.test', fetch)
  lab.server.isOk = true
  const owner = new Owner(rules)
  const stream = new DeviceStream(lab, device, owner)
  const scene: Scene = {
    clock,
    server,
    lab,
    owner,
    stream,
    names: () =>
      owner.states.map(({ name }) => name).filter((name, i, all) => i === 0 || all[i - 1] !== name),
    async stopByOthers() {
      // A server that is held up answers later.
      fetch(`http://lab.test/devices/${device}/stream/stop`, { method: 'POST' }).catch(() => undefined)
      await clock.advance(0)
    },
    async pass(seconds) {
      for (let i = 0; i < seconds; i++) {
        void stream.watch(true)
        await clock.advance(1_000)
      }
    },
  }
  scenes.push(scene)
  return scene
}

test('it is opened, brings messages, and is left the way of the server', async () => {
  const { clock, lab, names, owner, server, stream } = begin()
  stream.start()
  stream.start()
  await clock.advance(1_500)
  expect(owner.messages).toBeGreaterThan(10)
  expect(stream.exists).toBe(true)
  expect([lab.streams.open, server.openStreams().length]).toEqual([1, 1])
  const left = stream.finish('the test ended')
  await clock.advance(3_000)
  expect(await left).toBe(null)
  expect(names()).toEqual(['connecting', 'open', 'closed'])
  expect(owner.interruptions).toEqual([])
  expect([lab.streams.open, server.openStreams().length]).toEqual([0, 0])
})

test('leaving it twice is leaving it once, also while it is being opened', async () => {
  const { clock, names, server, stream } = begin()
  stream.start()
  const left = Promise.all([stream.finish('first'), stream.finish('second')])
  await clock.advance(5_000)
  expect(await left).toEqual([null, null])
  expect(names().at(-1)).toBe('closed')
  expect(server.openStreams()).toEqual([])
})

test('what somebody else stopped is opened again and says so, but not a third time within a minute', async () => {
  const { names, owner, pass, stopByOthers, stream } = begin()
  stream.start()
  await pass(2)
  await stopByOthers()
  await pass(4)
  expect(names()).toEqual(['connecting', 'open', 'reconnecting', 'connecting', 'open'])
  expect(owner.states.at(-1)!.reason).toMatch(/^receiving; opened again after someone else stopped it at /)
  expect(owner.interruptions).toHaveLength(1)
  await stopByOthers()
  await pass(4)
  await stopByOthers()
  await pass(4)
  expect(owner.states.at(-1)).toMatchObject({
    name: 'closed',
    reason: 'stopped by someone else, again and again',
  })
  stream.retry()
  await pass(4)
  expect(names().at(-1)).toBe('closed')
})

test('where stops are respected one is the end', async () => {
  const { owner, pass, stopByOthers, stream } = begin({ respectsStops: true })
  stream.start()
  await pass(2)
  await stopByOthers()
  await pass(2)
  expect(owner.states.at(-1)).toMatchObject({ name: 'closed' })
  expect(owner.states.at(-1)!.reason).toMatch(/^stopped by someone else at \d\d:\d\d:\d\d UTC$/)
})

test('a lost connection is opened again, without a word of somebody who stopped it', async () => {
  const { names, owner, pass, server, stream } = begin()
  stream.start()
  await pass(2)
  server.cutStreams('error')
  await pass(40)
  expect(owner.interruptions).toEqual(['the connection was lost'])
  expect(names().at(-1)).toBe('open')
  expect(owner.states.at(-1)!.reason).toBe('receiving')
})

test('a server that hangs is waited for: stalled, and open again by itself', async () => {
  const { names, pass, server, stream } = begin()
  stream.start()
  await pass(2)
  server.block(8_000)
  await pass(6)
  expect(names().at(-1)).toBe('stalled')
  await pass(8)
  expect(names()).toEqual(['connecting', 'open', 'stalled', 'open'])
})

test('a device that is missing is waited for, or is the end', async () => {
  const late = begin({ missing: 'wait' }, 'stream-later')
  late.stream.start()
  await late.pass(5)
  expect(late.owner.states.at(-1)).toMatchObject({
    name: 'none',
    reason: 'no stream yet: the task has not made one',
  })
  expect(late.stream.exists).toBe(false)
  const left = late.stream.finish('the task ended')
  await late.clock.advance(1_000)
  expect(await left).toBe(null)
  expect(late.owner.states.at(-1)).toMatchObject({ name: 'none', reason: 'the task had no stream' })

  const gone = begin({}, 'nowhere')
  gone.stream.start()
  await gone.pass(1)
  expect(gone.owner.states.at(-1)).toMatchObject({ name: 'failed', reason: 'the device is gone' })
})

test('a device that refuses to stream says why, and is asked again when somebody wants it', async () => {
  const { names, owner, pass, stream } = begin({}, 'plain1')
  stream.start()
  await pass(2)
  expect(owner.states.at(-1)).toMatchObject({ name: 'failed' })
  expect(stream.refusal).toMatchObject({ type: 'DeviceError' })
  expect(owner.interruptions).toEqual([])
  stream.retry()
  await pass(2)
  expect(names()).toEqual(['connecting', 'failed', 'connecting', 'failed'])
})

test('one that another client has is looked at every half minute', async () => {
  const { clock, lab, names, owner, pass, server, stream } = begin()
  const theirs = new DeviceStream(lab, 'daq1', new Owner({}))
  theirs.start()
  await pass(2)
  stream.start()
  await pass(2)
  expect(owner.states.at(-1)).toMatchObject({ name: 'in_use', reason: 'held by another' })
  expect(owner.states.at(-1)!.retryAt).toBeGreaterThanOrEqual(clock.now() + 28_000)
  const left = theirs.finish('they are done')
  await clock.advance(3_000)
  await left
  await pass(60)
  expect(names().at(-1)).toBe('open')
  expect(server.openStreams()).toHaveLength(1)
})

test('whatever happens, the server is treated well and nothing is left open', async () => {
  const acts = ['pass', 'stop', 'cut', 'cut in a line', 'block', 'retry', 'restart'] as const
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (all, respectsStops) => {
        const scene = begin({ respectsStops }, 'thermo1')
        const { lab, owner, pass, server, stopByOthers, stream } = scene
        stream.start()
        await pass(2)
        for (const act of all) {
          if (act === 'stop') await stopByOthers()
          else if (act === 'cut') server.cutStreams('error')
          else if (act === 'cut in a line') server.cutStreams('mid-line')
          else if (act === 'block') server.block(5_000)
          else if (act === 'retry') stream.retry()
          else if (act === 'restart') server.restart()
          await pass(3)
        }
        await pass(40)
        // It comes back by itself, or somebody wanted its end.
        expect(['open', 'closed']).toContain(stream.state)
        const before = owner.states.length
        await end(scene)
        expect(stream.state).toBe('closed')
        expect(owner.states.slice(before).filter(({ name }) => name === 'open')).toEqual([])
        expect([lab.streams.open, server.openStreams().length]).toEqual([0, 0])
        scenes.splice(scenes.indexOf(scene), 1)
      },
    ),
    { numRuns: fuzzRuns(15) },
  )
}, 600_000)
