import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Tail } from './tail.ts'

const hundred = 'x'.repeat(100)

test('reads what came after a number; says when some of it was let go', () => {
  const tail = new Tail('e', 3)
  for (let n = 1; n <= 5; n++) tail.append('a', `${n}`)
  expect(tail.read('a', 2, 4)?.map(({ json }) => json)).toEqual(['3', '4'])
  expect(tail.read('a', 1, 5)).toBeNull()
  expect(tail.read('b', 0, 5)).toEqual([])
  expect(tail.lastOf('a')).toBe(5)
})

test('what was let go is freed at once', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const tail = new Tail('e', 100)
  tail.append('a', hundred)
  const entry = new WeakRef(tail.read('a', 0, 1)![0]!)
  tail.append('a', hundred)
  await new Promise((resolve) => setTimeout(resolve, 0))
  collect()
  expect(entry.deref()).toBeUndefined()
  expect(tail.read('a', 1, 2)).toHaveLength(1)
})

test('the newest entry stays, however large', () => {
  const tail = new Tail('e', 10)
  tail.append('a', hundred)
  expect(tail.read('a', 0, 1)).toHaveLength(1)
})

/** What a topic is told after any number: all that was entered after it, or null once some of that may be gone. */
test('any interleaving: the newest are kept within the bound, and nothing is missing in silence', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ topic: fc.constantFrom('a', 'b', 'c'), size: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ drop: fc.constantFrom('a', 'b', 'c') }) },
    { weight: 1, arbitrary: fc.constant({ number: true as const }) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 40, max: 400 }), (steps, most) => {
      const tail = new Tail('e', most)
      let entered: { n: number; topic: string; json: string }[] = []
      const sizes: { n: number; size: number }[] = []
      for (const each of steps) {
        if ('topic' in each) {
          const json = `${tail.last}`.padEnd(each.size, '.')
          const n = tail.append(each.topic, json)
          entered.push({ n, topic: each.topic, json })
          sizes.push({ n, size: json.length })
        } else if ('drop' in each) {
          tail.drop(each.drop)
          entered = entered.filter(({ topic }) => topic !== each.drop)
        } else tail.number()
        for (const topic of ['a', 'b', 'c'])
          for (const after of [0, tail.last >> 1, tail.last - 1]) {
            const wanted = entered.filter((e) => e.topic === topic && e.n > after)
            const read = tail.read(topic, after, tail.last)
            if (read) expect(read.map(({ n, json }) => ({ n, topic, json }))).toEqual(wanted)
            else {
              const size = sizes.filter(({ n }) => n > after).reduce((sum, e) => sum + e.size, 0)
              expect(size).toBeGreaterThan(most)
            }
          }
      }
    }),
  )
})

test('numbers go on from those of the record that was kept, and never back', () => {
  const tail = new Tail('e')
  expect([tail.append('a', '1'), tail.number(), tail.append('a', '2')]).toEqual([1, 2, 3])
  expect(tail.lastOf('a')).toBe(3)
  expect(tail.lastOf('b')).toBe(0)
  tail.begin('f', 10)
  expect(tail.epoch).toBe('f')
  expect(tail.append('a', '3')).toBe(11)
  tail.begin('f', 5)
  expect(tail.append('a', '4')).toBe(12)
})

test('a topic that is dropped makes room for the others; how much ever came is known all the same', () => {
  const tail = new Tail('e', 300)
  tail.append('a', hundred)
  tail.append('b', hundred)
  tail.append('b', hundred)
  tail.drop('b')
  tail.append('c', hundred)
  tail.append('c', hundred)
  expect(tail.read('a', 0, tail.last)).toHaveLength(1)
  tail.append('c', hundred)
  expect(tail.read('a', 0, tail.last)).toBeNull()
  expect(tail.read('c', 0, tail.last)).toHaveLength(3)
  expect(tail.size).toBe(600)
})

test('however many came and went, the newest are read as they were', () => {
  const tail = new Tail('e', 20_000)
  for (let n = 1; n <= 60_000; n++) tail.append(n % 3 === 0 ? 'a' : 'b', `${n}`.padStart(5, '0'))
  for (const [topic, count] of [
    ['a', 999],
    ['b', 2_000],
  ] as const) {
    const read = tail.read(topic, 56_001, 59_000)!
    expect(read.map(({ json }) => Number(json))).toEqual(read.map(({ n }) => n))
    expect(read).toHaveLength(count)
    expect(tail.read(topic, 55_000, 60_000)).toBeNull()
  }
})
