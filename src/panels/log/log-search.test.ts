import { expect, it } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { LogSearch } from './log-search.ts'
import { Matcher, type Query } from './matcher.ts'

const BOUNDS = { maxLines: 1e6, maxBytes: 1e9 }

function filled(count: number, bounds = BOUNDS): LogBuffer {
  const log = new LogBuffer(bounds)
  for (let i = 0; i < count; i++) log.append(i, 'out', i % 100 === 99 ? `ERROR ${i}` : `line ${i}`)
  return log
}

function search(log: LogBuffer, query: Partial<Query>): LogSearch {
  return new LogSearch(log, new Matcher({ text: '', matchCase: false, regex: false, ...query }))
}

function hits(found: LogSearch): (number | undefined)[] {
  return Array.from({ length: found.count }, (_, k) => found.nth(k))
}

it('finds lines in sealed chunks and in the open one', () => {
  const found = search(filled(2_500), { text: 'error' })
  expect(found.step(Infinity)).toBe(true)
  expect(hits(found)).toEqual(Array.from({ length: 25 }, (_, k) => k * 100 + 99))
  expect([found.indexFrom(0), found.indexFrom(99), found.indexFrom(100), found.indexFrom(2_499)]).toEqual([
    0, 0, 1, 24,
  ])
  expect(found.indexFrom(2_500)).toBe(25)
  expect([found.isHit(2_399), found.isHit(2_400)]).toEqual([true, false])
})

it('minds case and takes the text literally unless told otherwise', () => {
  const log = new LogBuffer(BOUNDS)
  for (const text of ['a.b', 'A.B', 'axb', '(']) log.append(0, 'out', text)
  const count = (query: Partial<Query>) => {
    const found = search(log, query)
    found.step(Infinity)
    return found.count
  }
  expect(count({ text: 'a.b' })).toBe(2)
  expect(count({ text: 'a.b', matchCase: true })).toBe(1)
  expect(count({ text: 'a.b', regex: true })).toBe(3)
  expect(count({ text: '(' })).toBe(1)
  expect(() => search(log, { text: '(', regex: true })).toThrow(SyntaxError)
})

it('keeps up with new lines and counts each once', () => {
  const log = filled(1_000)
  const found = search(log, { text: 'error' })
  for (let i = 1_000; i < 5_000; i++) {
    log.append(i, 'out', i % 100 === 99 ? `ERROR ${i}` : `line ${i}`)
    if (i % 7 === 0) found.step(Infinity)
  }
  found.step(Infinity)
  expect(found.count).toBe(50)
  expect(found.nth(49)).toBe(4_999)
})

it('looks again at a last line that was replaced', () => {
  const log = filled(3)
  const found = search(log, { text: 'done' })
  log.append(0, 'out', '\rdone')
  found.step(Infinity)
  expect(hits(found)).toEqual([2])
  log.append(0, 'out', '\rnot yet')
  found.step(Infinity)
  expect(hits(found)).toEqual([])
})

it('stops when its time is over and goes on where it was', () => {
  const found = search(filled(50_000), { text: 'error' })
  let steps = 0
  while (!found.step(0)) steps += 1
  expect(steps).toBeGreaterThan(20)
  expect(found.count).toBe(500)
})

it('takes lines that are loaded later at their place', () => {
  const source = filled(5_000)
  const copy = new LogBuffer(BOUNDS)
  copy.reset(5_000, 0)
  const load = (from: number, to: number) => {
    const { first, at, kinds, texts } = source.range(from, to)
    copy.fill(first, at, kinds, texts)
  }
  load(4_900, 5_000)
  const found = search(copy, { text: 'error' })
  found.step(Infinity)
  expect(hits(found)).toEqual([4_999])
  load(0, 150)
  found.step(Infinity)
  expect(hits(found)).toEqual([99, 4_999])
  expect(found.scanned).toBe(250)
})

it('forgets hits that were let go', () => {
  const log = filled(5_000, { maxLines: 2_000, maxBytes: 1e9 })
  const found = search(log, { text: 'error' })
  found.step(Infinity)
  expect(found.nth(0)).toBeGreaterThanOrEqual(log.first)
  expect(found.count).toBe(Math.floor(log.total / 100) - Math.floor(log.first / 100))
})

it('searches the text without its colours', () => {
  const log = new LogBuffer(BOUNDS)
  for (let i = 0; i < 1_500; i++) log.append(0, 'out', `\x1b[31mFAIL\x1b[0mED ${i}`)
  const found = search(log, { text: 'failed 7' })
  found.step(Infinity)
  expect(found.count).toBe(111)
  const codes = search(log, { text: '[31m' })
  codes.step(Infinity)
  expect(codes.count).toBe(0)
})

it('marks every match of a line', () => {
  const matcher = new Matcher({ text: 'a', matchCase: false, regex: false })
  expect(matcher.marks('aXA')).toEqual([
    [0, 1],
    [2, 3],
  ])
  expect(new Matcher({ text: 'x*', matchCase: false, regex: true }).marks('axxb')).toEqual([[1, 3]])
})
