import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { MemoryJournal } from './journal.ts'

const hundred = 'x'.repeat(100)

test('reads what came after a number; says when some of it was let go', () => {
  const journal = new MemoryJournal('e', { eventsPerTopic: 3 })
  for (let n = 1; n <= 5; n++) journal.append('a', 0, `${n}`, 1)
  expect(journal.read('a', 2, 4)?.map(({ json }) => json)).toEqual(['3', '4'])
  expect(journal.read('a', 1, 5)).toBeNull()
  expect(journal.read('b', 0, 5)).toEqual([])
})

test('what was let go is freed at once', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const journal = new MemoryJournal('e', { eventsPerTopic: 1 })
  journal.append('a', 0, hundred, 1)
  const entry = new WeakRef(journal.read('a', 0, 1)![0]!)
  journal.append('a', 0, hundred, 1)
  await new Promise((resolve) => setTimeout(resolve, 0))
  collect()
  expect(entry.deref()).toBeUndefined()
  expect(journal.read('a', 1, 2)).toHaveLength(1)
})

test('topics that ended let go by age while others go on; their newest number stays', () => {
  const journal = new MemoryJournal('e', { ageMs: 60_000 })
  for (let n = 0; n < 10; n++) journal.append('ended', 0, hundred, 1)
  for (let n = 0; n < 1_000; n++) journal.append('running', 120_000, '1', 1)
  expect(journal.read('ended', 0, journal.last)).toBeNull()
  expect(journal.read('ended', 9, journal.last)).toHaveLength(1)
  expect(journal.lastOf('ended')).toBe(10)
})

test('topics that ended let go when all together are too large', () => {
  const journal = new MemoryJournal('e', { sizePerTopic: 800, sizeInAll: 1_000 })
  for (let n = 0; n < 8; n++) journal.append('ended', 0, hundred, 1)
  for (let n = 0; n < 8; n++) journal.append('running', 0, hundred, 1)
  expect(journal.read('ended', 0, journal.last)).toBeNull()
  expect(journal.read('running', journal.last - 1, journal.last)).toHaveLength(1)
})
