import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { setAnswering } from './answering.ts'
import { LazyModule, loadWhenIdle } from './lazy-module.ts'
import { ChunkError } from './load-chunk.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(async () => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  setAnswering(true)
  // All modules of a page are known to it: none is left that the next test would meet.
  for (const { module, bring } of made.splice(0)) {
    bring()
    await module.load()
  }
})

interface Absent {
  module: LazyModule<string>
  tries(): number
  bring(): void
}

const made: Absent[] = []

/** A module that is there from the moment on that `bring` is called. */
function absent(fault: 'away' | 'gone'): Absent {
  let tries = 0
  let isThere = false
  const module = new LazyModule(async () => {
    tries += 1
    if (!isThere) throw new ChunkError(fault)
    return Promise.resolve('here')
  })
  const one = {
    module,
    tries: () => tries,
    bring: () => {
      isThere = true
    },
  }
  made.push(one)
  return one
}

test('a module is loaded once, whoever asks', async () => {
  let loads = 0
  const module = new LazyModule(() => Promise.resolve(++loads))
  expect(await Promise.all([module.load(), module.load()])).toEqual([1, 1])
  expect(await module.load()).toBe(1)
  expect(module.state()).toEqual({ value: 1, fault: null })
})

test('a failure says why, and the next who asks tries again', async () => {
  const { module, bring } = absent('away')
  await expect(module.load()).rejects.toThrow('Weir does not give it now')
  expect(module.state()).toEqual({ value: null, fault: 'away' })
  bring()
  expect(await module.load()).toBe('here')
  expect(module.state()).toEqual({ value: 'here', fault: null })
})

test('what somebody waits for is tried again as soon as the server answers', async () => {
  const { module, tries, bring } = absent('away')
  setAnswering(false)
  const end = module.want()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tries(), 'nobody answers').toBe(1)
  bring()
  setAnswering(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(module.state().value).toBe('here')
  end()
})

test('what somebody waits for is tried again and again where the server answers but has not given it', async () => {
  const { module, tries, bring } = absent('away')
  const end = module.want()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(tries()).toBe(6)
  bring()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(module.state().value).toBe('here')
  end()
})

test('what nobody waits for any more is left alone', async () => {
  const { module, tries } = absent('away')
  const ends = [module.want(), module.want()]
  for (const end of ends) end()
  await vi.advanceTimersByTimeAsync(60_000)
  setAnswering(false)
  setAnswering(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tries()).toBe(1)
})

test('files of before an update are not asked for again: a reload brings the new ones', async () => {
  const { module, tries } = absent('gone')
  const end = module.want()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(tries()).toBe(1)
  expect(module.state().fault).toBe('gone')
  end()
})

test('an idle page loads everything, also what a part brings with it, and goes on after a failure', async () => {
  const inner: LazyModule<string>[] = []
  vi.stubGlobal('navigator', {})
  const { module: first, bring } = absent('away')
  const outer = new LazyModule(() => {
    inner.push(new LazyModule(() => Promise.resolve('inner')))
    return Promise.resolve('outer')
  })
  const done = loadWhenIdle()
  await vi.runAllTimersAsync()
  await done
  expect(outer.state().value, 'one after another').toBeNull()
  bring()
  const again = loadWhenIdle()
  await vi.runAllTimersAsync()
  await again
  expect([first, outer, ...inner].map((module) => module.state().value)).toEqual(['here', 'outer', 'inner'])
})

test('where a person asked to save data nothing is loaded before it is needed', async () => {
  vi.stubGlobal('navigator', { connection: { saveData: true } })
  const module = new LazyModule(() => Promise.resolve('here'))
  await loadWhenIdle()
  expect(module.state().value).toBeNull()
  await module.load()
})
