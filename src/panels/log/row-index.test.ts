import { describe, expect, it } from 'vitest'
import { LogBuffer } from '#model/log-buffer.ts'
import { LogSearch } from './log-search.ts'
import { matcherOf, type LineTest } from './matcher.ts'
import { AllLines, HitLines, WrappedLines } from './row-index.ts'

const BOUNDS = { maxLines: 1e6, maxBytes: 1e9 }

/** Line i is i % 5 + 1 rows of ten columns. */
function uneven(count: number, letter = 'x'): LogBuffer {
  const log = new LogBuffer(BOUNDS)
  for (let i = 0; i < count; i++) log.append(i, 'out', letter.repeat((i % 5) * 10 + 3))
  return log
}

function found(log: LogBuffer, text: string): LogSearch {
  const search = new LogSearch(log, matcherOf({ text, matchCase: true, regex: false }) as LineTest)
  search.step(Infinity)
  return search
}

it('gives every line a row', () => {
  const log = new LogBuffer({ maxLines: 2_000, maxBytes: 1e9 })
  for (let i = 0; i < 5_000; i++) log.append(0, 'out', 'x')
  const index = new AllLines(log)
  expect(index.rows).toBe(log.total - log.first)
  expect(index.at(0)).toEqual({ line: log.first, sub: 0 })
  expect(index.rowOf(log.first + 7)).toBe(7)
  expect(index.rowOf(0)).toBe(0)
  expect([index.next(4_998), index.next(4_999)]).toEqual([4_999, undefined])
})

it('gives matching lines a row', () => {
  const log = uneven(3_000)
  log.append(0, 'out', 'y')
  const index = new HitLines(found(log, 'x'.repeat(43)))
  expect(index.rows).toBe(600)
  expect(index.at(1)).toEqual({ line: 9, sub: 0 })
  expect(index.rowOf(5)).toBe(1)
  expect([index.next(4), index.next(2_999)]).toEqual([9, undefined])
})

describe('wrapped', () => {
  it.each(['x', 'é', '\x1b[31mx'])('finds row and line of each other (%j)', (letter) => {
    const log = uneven(5_003, letter)
    const index = new WrappedLines(log, 10, null)
    // What is not plain is estimated until it was looked at.
    for (let line = 0; line < 5_003; line++) index.rowOf(line)
    expect(index.rows).toBe(15_006)
    for (const line of [0, 1, 4, 1_023, 1_024, 4_999, 5_002]) {
      const row = index.rowOf(line)
      expect(row).toBe(Math.floor(line / 5) * 15 + [0, 1, 3, 6, 10][line % 5]!)
      expect(index.at(row)).toEqual({ line, sub: 0 })
      expect(index.at(row + (line % 5))).toEqual({ line, sub: line % 5 })
    }
    expect(index.rowOf(9_999)).toBe(15_006)
    expect(index.at(1e9)).toEqual({ line: 5_002, sub: 2 })
  })

  it('follows what is appended and replaced', () => {
    const log = uneven(5)
    const index = new WrappedLines(log, 10, null)
    expect(index.rows).toBe(15)
    log.append(0, 'out', '\rshort')
    log.append(0, 'out', 'x'.repeat(11))
    index.update()
    expect(index.rows).toBe(13)
    for (let i = 0; i < 3_000; i++) log.append(0, 'out', 'x')
    index.update()
    expect(index.rows).toBe(3_013)
  })

  it('counts a line that is not loaded as one row', () => {
    const log = new LogBuffer(BOUNDS)
    log.reset(100, 0)
    log.fill(50, [0], [0], ['x'.repeat(25)])
    const index = new WrappedLines(log, 10, null)
    expect(index.rows).toBe(102)
    expect(index.at(49)).toEqual({ line: 49, sub: 0 })
    expect(index.at(52)).toEqual({ line: 50, sub: 2 })
    expect(index.rowOf(99)).toBe(101)
  })

  it('shows only lines that match', () => {
    const log = uneven(5_003)
    const search = found(log, 'x'.repeat(33))
    const index = new WrappedLines(log, 10, search)
    for (const line of [0, 1_030, 2_050, 3_080, 4_100]) index.rowOf(line)
    expect(index.rows).toBe(9_000)
    expect(index.at(4)).toEqual({ line: 4, sub: 0 })
    expect(index.rowOf(5)).toBe(9)
    expect(index.next(4)).toBe(8)
    log.append(0, 'out', 'x'.repeat(33))
    search.step(Infinity)
    index.update()
    expect(index.rows).toBe(9_004)
    expect(index.at(9_003)).toEqual({ line: 5_003, sub: 3 })
  })
})
