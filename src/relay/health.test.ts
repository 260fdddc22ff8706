import { expect, test } from 'vitest'
import type { Health } from '#protocols/weir/api.ts'
import { startLab, type TestLab } from '#testing/lab.ts'
import { MemoryStore } from '#testing/memory-store.ts'
import { StoreError } from './record/store.ts'

/** A disk that takes its time: `done` ends the write that is under way. */
class SlowStore extends MemoryStore {
  isSlow = false
  done: () => void = () => undefined

  override async write(...batch: Parameters<MemoryStore['write']>): Promise<void> {
    if (this.isSlow) await new Promise<void>((resolve) => (this.done = resolve))
    return super.write(...batch)
  }
}

async function problems({ ask }: TestLab) {
  const { body } = await ask('/health')
  return (body as Health).problems
}

test('a record that is written too slowly is said, until it is no longer behind', async () => {
  const store = new SlowStore()
  const lab = await startLab({}, store)
  await lab.start('steps', 'WavelengthSweepTask', { steps: 9_999, delay: 0.1 })
  await lab.clock.advance(1_000)
  expect(await problems(lab)).toEqual([])
  store.isSlow = true
  const since = lab.clock.now()
  await lab.clock.advance(1_900)
  expect(await problems(lab)).toEqual([])
  await lab.clock.advance(1_000)
  const [behind] = await problems(lab)
  expect(behind).toMatchObject({
    about: 'record',
    name: null,
    text: expect.stringMatching(/^Written too slowly: /) as string,
  })
  expect(Math.abs(behind!.since - since)).toBeLessThan(300)

  // What came meanwhile has waited for as long, though its own write has only begun.
  store.done()
  await lab.clock.advance(100)
  expect(await problems(lab)).toMatchObject([{ text: behind!.text }])
  store.isSlow = false
  store.done()
  await lab.clock.advance(1_000)
  expect(await problems(lab)).toEqual([])
})

test('a write that fails at last is not written since it began to wait', async () => {
  const store = new SlowStore()
  const lab = await startLab({}, store)
  store.isSlow = true
  const since = lab.clock.now()
  void lab.start('steps', 'WavelengthSweepTask', { steps: 9_999, delay: 0.1 })
  await lab.clock.advance(10_000)
  store.fault = new StoreError('locked', 'Another program holds it.')
  store.done()
  await lab.clock.advance(0)
  expect(await problems(lab)).toMatchObject([{ since, text: 'Not written: Another program holds it.' }])
})

test('a record that cannot be written is said as that alone', async () => {
  const store = new MemoryStore()
  const lab = await startLab({}, store)
  store.fault = new StoreError('full', 'The disk is full.')
  void lab.start('steps', 'WavelengthSweepTask', { steps: 9_999, delay: 0.1 })
  await lab.clock.advance(60_000)
  expect(await problems(lab)).toMatchObject([{ about: 'record', text: 'Not written: The disk is full.' }])
  store.fault = null
  await lab.clock.advance(20_000)
  expect(await problems(lab)).toEqual([])
})
