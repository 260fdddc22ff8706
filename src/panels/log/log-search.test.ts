import { expect, it } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { LogSearch } from './log-search.ts'
import { matcherOf, type Query } from './matcher.ts'

const BOUNDS = { maxLines: 1e6, maxBytes: 1e9 }

function filled(count: number, bounds = BOUNDS): LogBuffer {
  const log = new LogBuffer(bounds)
  for (let i = 0; i < count; i++) log.append(i, 'out', i % 100 === 99 ? `ERROR ${i}` : `line ${i}`)
  return log
}

async function search(log: LogBuffer, query: Partial<Query>): Promise<LogSearch> {
  return new LogSearch(log, await matcherOf({ text: '', matchCase: false, regex: false, ...query }))
}

function hits(found: LogSearch): (number | undefined)[] {
  return Array.from({ length: found.count }, (_, k) => found.nth(k))
}

it('finds lines in sealed chunks and in the open one', async () => {
  const found = await search(filled(2_500), { text: 'error' })
  expect(found.step(Infinity)).toBe(true)
  expect(hits(found)).toEqual(Array.from({ length: 25 }, (_, k) => k * 100 + 99))
  expect([found.indexFrom(0), found.indexFrom(99), found.indexFrom(100), found.indexFrom(2_499)]).toEqual([
    0, 0, 1, 24,
  ])
  expect(found.indexFrom(2_500)).toBe(25)
  expect([found.isHit(2_399), found.isHit(2_400)]).toEqual([true, false])
})

it('minds case and takes the text literally unless told otherwise', async () => {
  const log = new LogBuffer(BOUNDS)
  for (const text of ['a.b', 'A.B', 'axb', '(']) log.append(0, 'out', text)
  const count = async (query: Partial<Query>) => {
    const found = await search(log, query)
    found.step(Infinity)
    return found.count
  }
  expect(await count({ text: 'a.b' })).toBe(2)
  expect(await count({ text: 'a.b', matchCase: true })).toBe(1)
  expect(await count({ text: 'a.b', regex: true })).toBe(3)
  expect(await count({ text: '(' })).toBe(1)
  await expect(search(log, { text: '(', regex: true })).rejects.toThrow('Unterminated group')
})

it('keeps up with new lines and counts each once', async () => {
  const log = filled(1_000)
  const found = await search(log, { text: 'error' })
  for (let i = 1_000; i < 5_000; i++) {
    log.append(i, 'out', i % 100 === 99 ? `ERROR ${i}` : `line ${i}`)
    if (i % 7 === 0) found.step(Infinity)
  }
  found.step(Infinity)
  expect(found.count).toBe(50)
  expect(found.nth(49)).toBe(4_999)
})

it('looks again at a last line that was replaced', async () => {
  const log = filled(3)
  const found = await search(log, { text: 'done' })
  log.append(0, 'out', '\rdone')
  found.step(Infinity)
  expect(hits(found)).toEqual([2])
  log.append(0, 'out', '\rnot yet')
  found.step(Infinity)
  expect(hits(found)).toEqual([])
})

it('stops when its time is over and goes on where it was', async () => {
  const found = await search(filled(50_000), { text: 'error' })
  let steps = 0
  while (!found.step(0)) steps += 1
  expect(steps).toBeGreaterThan(20)
  expect(found.count).toBe(500)
})

it('takes lines that are loaded later at their place', async () => {
  const source = filled(5_000)
  const copy = new LogBuffer(BOUNDS)
  copy.reset(5_000, 0)
  const load = (from: number, to: number) => {
    const { first, at, kinds, texts } = source.range(from, to)
    copy.fill(first, at, kinds, texts)
  }
  load(4_900, 5_000)
  const found = await search(copy, { text: 'error' })
  found.step(Infinity)
  expect(hits(found)).toEqual([4_999])
  load(0, 150)
  found.step(Infinity)
  expect(hits(found)).toEqual([99, 4_999])
  expect(found.scanned).toBe(250)
})

it('forgets hits that were let go', async () => {
  const log = filled(5_000, { maxLines: 2_000, maxBytes: 1e9 })
  const found = await search(log, { text: 'error' })
  found.step(Infinity)
  expect(found.nth(0)).toBeGreaterThanOrEqual(log.first)
  expect(found.count).toBe(Math.floor(log.total / 100) - Math.floor(log.first / 100))
})

it('searches the text without its colours', async () => {
  const log = new LogBuffer(BOUNDS)
  for (let i = 0; i < 1_500; i++) log.append(0, 'out', `\x1b[31mFAIL\x1b[0mED ${i}`)
  const found = await search(log, { text: 'failed 7' })
  found.step(Infinity)
  expect(found.count).toBe(111)
  const codes = await search(log, { text: '[31m' })
  codes.step(Infinity)
  expect(codes.count).toBe(0)
})

it('marks every match of a line', async () => {
  const matcher = await matcherOf({ text: 'a', matchCase: false, regex: false })
  expect(matcher.marks('aXA')).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect((await matcherOf({ text: 'x*', matchCase: false, regex: true })).marks('axxb')).toEqual([[1, 3]])
})

it('comes to an end whatever the pattern, and stops in between when time is over', async () => {
  const log = new LogBuffer(BOUNDS)
  for (let i = 0; i < 3_000; i++) log.append(0, 'out', `${'a'.repeat(90)}!`)
  for (const text of ['(a+)+$', '^(.*)+ $']) {
    const found = await search(log, { text, regex: true })
    let steps = 0
    while (!found.step(0)) steps += 1
    expect(steps).toBeGreaterThan(100)
    expect(found.count).toBe(0)
  }
})

it('finds composed and decomposed characters alike, and marks them where they are', async () => {
  const log = new LogBuffer(BOUNDS)
  for (const text of ['caf\u00e9 1', 'cafe\u0301 2', 'cafe 3']) log.append(0, 'out', text)
  for (const text of ['f\u00e9', 'fe\u0301']) {
    const found = await search(log, { text })
    found.step(Infinity)
    expect(hits(found)).toEqual([0, 1])
    expect(found.matcher.marks('cafe\u0301 2')).toEqual([[2, 5]])
    expect(found.matcher.marks('caf\u00e9 1')).toEqual([[2, 4]])
  }
})

it('looks again at a line above the last one that was replaced', async () => {
  const log = filled(2_000)
  const found = await search(log, { text: 'done' })
  found.step(Infinity)
  log.append(0, 'out', '\x1b[5Fdone')
  found.step(Infinity)
  expect(hits(found)).toEqual([1_994])
})
