import { fuzzRuns } from '#testing/fuzz-runs.ts'
import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ManualClock, type Clock } from '#lib/clock.ts'
import { eventSourceOver, portPair, type FakePort, type Network } from '#testing/fake-browser.ts'
import { createTestHub, type TestHub } from '#testing/hub.ts'
import { Carrier } from './carrier.ts'
import { Streams, type Scheduler } from './streams.ts'
import { taskStoreOf, watchTask } from '#testing/watched-task.ts'
import { WorkerConnection } from './worker-connection.ts'
import type { ToTab, ToWorker } from './worker-messages.ts'

const atOnce: Scheduler = {
  request: (work) => {
    work()
  },
}

/** A browser with one worker and some tabs, and a relay that can come and go. */
class World {
  readonly clock = new ManualClock()
  readonly network: Network = { answers: null }
  readonly sources = eventSourceOver(this.network, this.clock)
  relay!: TestHub
  carrier!: Carrier
  readonly tabs: Tab[] = []
  readonly locks = new Map<string, () => void>()
  #epochs = 0

  constructor() {
    vi.stubGlobal('EventSource', this.sources)
    vi.stubGlobal('fetch', (url: string, init?: RequestInit) => {
      if (!this.network.answers) return Promise.reject(new TypeError('fetch failed'))
      return this.network.answers(url, init)
    })
    this.startRelay()
    this.startWorker()
  }

  startRelay(): void {
    const relay = createTestHub(this.clock, `e${this.#epochs++}`)
    this.relay = relay
    this.network.answers = (url, init) => relay.fetch(url, init)
  }

  stopRelay(): void {
    this.network.answers = null
    this.relay.hub.close()
  }

  /** The relay is stopped: connections stand, nothing comes over them, requests wait. */
  hang(): void {
    this.network.answers = () => new Promise(() => undefined)
    this.sources.isDeaf = true
  }

  startWorker(): void {
    this.carrier = new Carrier({
      base: '',
      clock: this.clock,
      whenFree: (lock, gone) => this.locks.set(lock, gone),
    })
  }

  openTab(options: { locks?: boolean } = {}): Tab {
    const tab = new Tab(this, options)
    this.tabs.push(tab)
    return tab
  }

  breakConnection(): void {
    for (const breaks of this.sources.open) breaks()
  }

  close(): void {
    for (const tab of this.tabs) tab.streams.close()
    this.carrier.close()
    this.relay.hub.close()
  }
}

/** The timers of a frozen page do not run; they do when it is let go. */
class PageClock implements Clock {
  readonly #clock: Clock
  #frozen = false
  #due = new Set<() => void>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  set frozen(frozen: boolean) {
    this.#frozen = frozen
    if (frozen) return
    const due = [...this.#due]
    this.#due.clear()
    for (const each of due) each()
  }

  now() {
    return this.#clock.now()
  }

  monotonic() {
    return this.#clock.monotonic()
  }

  setTimeout(callback: () => void, ms: number) {
    const timer = {
      callback,
      handle: this.#clock.setTimeout(() => {
        if (this.#frozen) this.#due.add(callback)
        else callback()
      }, ms),
    }
    return timer
  }

  clearTimeout(timer: unknown) {
    const { callback, handle } = (timer ?? {}) as { callback: () => void; handle: unknown }
    this.#due.delete(callback)
    this.#clock.clearTimeout(handle)
  }
}

class Tab {
  readonly streams: Streams
  port!: FakePort<ToTab, ToWorker>
  readonly #clock: PageClock
  #isFrozen = false
  ownAsked = 0

  constructor(world: World, { locks = false }: { locks?: boolean }) {
    const clock = new PageClock(world.clock)
    this.#clock = clock
    this.streams = new Streams({ version: '1', clock, scheduler: atOnce })
    watchTask(this.streams, 'lab', 'a')
    this.streams.watchList('tasks')
    this.streams.open(
      new WorkerConnection({
        clock,
        session: this.streams.session,
        connect: () => {
          const { a, b } = portPair<ToTab, ToWorker>()
          world.carrier.serve(b)
          this.port = a
          a.held = this.#isFrozen
          return a
        },
        ...(locks
          ? {
              lock: (_name, held) => {
                held()
                return { release: () => undefined }
              },
            }
          : {}),
        own: () => {
          this.ownAsked += 1
          return new Promise(() => undefined)
        },
      }),
    )
  }

  set frozen(frozen: boolean) {
    this.#isFrozen = frozen
    this.port.held = frozen
    this.#clock.frozen = frozen
  }

  get task() {
    return taskStoreOf(this.streams, 'lab', 'a')
  }

  get log(): string {
    const { log } = this.task.bulk
    return log.text(log.first, log.total)
  }

  get state() {
    return this.streams.connection.getState().name
  }

  get listed() {
    return this.streams.list('tasks').store.getState().items.get('lab/a')?.progress?.step
  }
}

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => {
  world.close()
  vi.unstubAllGlobals()
})

const steps = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, k) => `step ${from + k}`).join('\n')

async function sayAndWait(from: number, to: number, everyMs = 20) {
  for (let n = from; n <= to; n++) {
    world.relay.step('a', n)
    await world.clock.advance(everyMs)
  }
}

test('twenty tabs are one connection, and each sees every step once', async () => {
  world.relay.step('a', 1)
  for (let n = 0; n < 20; n++) world.openTab()
  await world.clock.advance(100)
  await sayAndWait(2, 10)
  await world.clock.advance(50)
  expect(world.relay.hub.connectionCount).toBe(1)
  expect(world.sources.made).toBe(1)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(20)
  for (const tab of world.tabs) {
    expect(tab.log).toBe(steps(1, 10))
    expect(tab.state).toBe('open')
  }
})

test('a hidden tab goes on to watch, follows the lists, and is up to date when it is shown', async () => {
  world.relay.step('a', 1)
  const shown = world.openTab()
  const hidden = world.openTab()
  await world.clock.advance(100)
  hidden.streams.setShown(false)
  await world.clock.advance(1_200)
  const { received } = hidden.port
  await sayAndWait(2, 100)
  await world.clock.advance(2_500)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(2)
  // Lists every two seconds, a pulse each second.
  expect(hidden.port.received - received).toBeLessThan(12)
  expect(hidden.listed).toBe(100)
  expect(hidden.log).toBe('step 1')
  expect(shown.log).toBe(steps(1, 100))
  hidden.streams.setShown(true)
  await world.clock.advance(20)
  expect(hidden.log).toBe(steps(1, 100))
  await sayAndWait(101, 103)
  expect(hidden.log).toBe(steps(1, 103))
})

test('a tab that is left for a moment is not taken for hidden', async () => {
  const tab = world.openTab()
  await world.clock.advance(100)
  tab.streams.setShown(false)
  await world.clock.advance(500)
  tab.streams.setShown(true)
  await world.clock.advance(2_000)
  world.relay.step('a', 1)
  await world.clock.advance(20)
  expect(tab.log).toBe('step 1')
})

test('a tab that does not read is skipped, disturbs no other, and resumes without loss', async () => {
  world.relay.step('a', 1)
  const slow = world.openTab()
  const other = world.openTab()
  await world.clock.advance(100)
  slow.frozen = true
  await sayAndWait(2, 400)
  expect(slow.port.waiting).toBeLessThan(200)
  expect(other.log).toBe(steps(1, 400))
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(2)
  slow.frozen = false
  await world.clock.advance(100)
  expect(slow.log).toBe(steps(1, 400))
  await sayAndWait(401, 410)
  expect(slow.log).toBe(steps(1, 410))
})

test('a tab that closes is let go at once; the last one ends the stream', async () => {
  const [a, b] = [world.openTab(), world.openTab()]
  await world.clock.advance(100)
  a.streams.close()
  await world.clock.advance(20)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(1)
  b.streams.close()
  await world.clock.advance(20)
  expect(world.relay.hub.connectionCount).toBe(0)
})

test('a tab that crashes is known by the lock it no longer holds', async () => {
  const dead = world.openTab({ locks: true })
  world.openTab({ locks: true })
  await world.clock.advance(100)
  dead.frozen = true
  await world.clock.advance(20 * 60_000)
  // Frozen, as far as anybody knows: it still watches.
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(2)
  world.locks.get(`weir:tab:${dead.streams.session}`)!()
  await world.clock.advance(20)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(1)
})

test('without locks, a tab that is silent for ten minutes watches no more, until it speaks', async () => {
  world.relay.step('a', 1)
  const frozen = world.openTab()
  world.openTab()
  await world.clock.advance(100)
  frozen.frozen = true
  await world.clock.advance(11 * 60_000)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(1)
  world.relay.step('a', 2)
  frozen.frozen = false
  await world.clock.advance(1_000)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(2)
  expect(frozen.task.store.getState().task?.progress?.step).toBe(2)
})

test('a relay that dies and returns: every tab says so, and goes on by itself', async () => {
  world.relay.step('a', 1)
  const tabs = [world.openTab(), world.openTab()]
  await world.clock.advance(100)
  world.stopRelay()
  await world.clock.advance(100)
  expect(tabs.map((tab) => tab.state)).toEqual(['reconnecting', 'reconnecting'])
  await world.clock.advance(12_000)
  expect(tabs.map((tab) => tab.state)).toEqual(['lost', 'lost'])
  world.startRelay()
  world.relay.step('a', 1, 'anew')
  await world.clock.advance(20_000)
  for (const tab of tabs) {
    expect(tab.state).toBe('open')
    expect(tab.log).toBe(
      'step 1\nWeir was restarted: the lines above are from before, and in this page alone\nanew',
    )
  }
})

test('a relay that hangs is stalled after 3 s, dead after 10, and live with its next word', async () => {
  world.relay.step('a', 1)
  const tab = world.openTab()
  await world.clock.advance(100)
  const before = world.clock.now()
  world.hang()
  await world.clock.advance(2_500)
  expect(tab.state).toBe('open')
  await world.clock.advance(1_500)
  expect(tab.state).toBe('stalled')
  expect(tab.streams.liveNow()).toBeLessThan(before + 2_000)
  await world.clock.advance(7_500)
  expect(tab.state).toBe('reconnecting')
})

test('another worker takes over where the first one ended, and every tab goes on', async () => {
  world.relay.step('a', 1)
  const tab = world.openTab()
  await world.clock.advance(100)
  world.carrier.close()
  world.startWorker()
  world.relay.step('a', 2)
  await world.clock.advance(4_000)
  expect(tab.state).toBe('stalled')
  await world.clock.advance(8_000)
  expect(tab.state).toBe('open')
  expect(tab.log).toBe(steps(1, 2))
  expect(tab.ownAsked).toBe(0)
})

test('where no worker answers, the tab gets a connection of its own', async () => {
  world.carrier.serve = () => undefined
  const tab = world.openTab()
  await world.clock.advance(35_000)
  expect(tab.ownAsked).toBe(1)
})

test('a page that was put away comes back to where it was', async () => {
  world.relay.step('a', 1)
  const tab = world.openTab()
  world.openTab()
  await world.clock.advance(100)
  tab.streams.pause()
  await world.clock.advance(20)
  expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(1)
  await sayAndWait(2, 5)
  tab.streams.wake()
  await world.clock.advance(100)
  expect(tab.log).toBe(steps(1, 5))
})

test('a token that was changed is told to all tabs, and taken back when it is right again', async () => {
  const tabs = [world.openTab(), world.openTab()]
  await world.clock.advance(100)
  const { answers } = world.network
  world.network.answers = async () => new Response(null, { status: 401 })
  world.breakConnection()
  await world.clock.advance(5_000)
  for (const tab of tabs) expect(tab.streams.connection.getState().refused).toBe(true)
  world.network.answers = answers
  await world.clock.advance(20_000)
  for (const tab of tabs)
    expect(tab.streams.connection.getState()).toMatchObject({ name: 'open', refused: false })
})

test('whatever happens to tabs, connection and worker, each tab ends up with all there is, once', async () => {
  const tab = fc.integer({ min: 0, max: 3 })
  const command = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ k: fc.constant('say' as const), n: fc.integer({ min: 1, max: 40 }) }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ k: fc.constant('wait' as const), n: fc.integer({ min: 1, max: 3_000 }) }),
    },
    fc.record({
      k: fc.constantFrom(
        'open' as const,
        'freeze' as const,
        'thaw' as const,
        'hide' as const,
        'show' as const,
      ),
      n: tab,
    }),
    fc.record({ k: fc.constantFrom('close' as const, 'away' as const, 'back' as const), n: tab }),
    fc.record({ k: fc.constantFrom('break' as const, 'worker' as const), n: fc.constant(0) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
      world.close()
      world = new World()
      const { clock } = world
      let said = 0
      const say = () => {
        world.relay.step('a', ++said)
      }
      say()
      world.openTab()
      await clock.advance(50)
      for (const { k, n } of commands) {
        const at = world.tabs[n % world.tabs.length]!
        if (k === 'say')
          for (let i = 0; i < n; i++) {
            say()
            if (i % 3 === 0) await clock.advance(20)
          }
        else if (k === 'wait') await clock.advance(n)
        else if (k === 'open') {
          if (world.tabs.length < 4) world.openTab()
        } else if (k === 'freeze') at.frozen = true
        else if (k === 'thaw') at.frozen = false
        else if (k === 'hide') at.streams.setShown(false)
        else if (k === 'show') at.streams.setShown(true)
        else if (k === 'away') at.streams.pause()
        else if (k === 'back') at.streams.wake()
        else if (k === 'close') {
          if (world.tabs.length === 1) continue
          at.streams.close()
          world.tabs.splice(world.tabs.indexOf(at), 1)
        } else if (k === 'break') world.breakConnection()
        else {
          world.carrier.close()
          world.startWorker()
        }
      }
      for (const each of world.tabs) {
        each.frozen = false
        each.streams.setShown(true)
        each.streams.wake()
      }
      await clock.advance(25_000)
      const relayed = world.relay.book.get('lab', 'a')!
      for (const each of world.tabs) {
        expect(each.state).toBe('open')
        expect(each.log).toBe(steps(1, said))
        expect(each.task.store.getState().task).toEqual(relayed)
        expect(each.listed).toBe(said)
      }
      expect(world.relay.hub.connectionCount).toBe(1)
      expect(world.relay.hub.watchersOf('lab/tasks/a')).toBe(world.tabs.length)
    }),
    {
      numRuns: fuzzRuns(40),
      examples: [
        [
          [
            { k: 'open', n: 0 },
            { k: 'worker', n: 0 },
          ],
        ],
      ],
    },
  )
})
