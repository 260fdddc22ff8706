import { describe, expect, test } from 'vitest'
import {
  JsonIndexer,
  type JsonSyntaxError,
  keyOf,
  rawValue,
  stringValue,
  type JsonIndex,
} from './json-index.ts'
import { allContainers, depthOf, firstOpen, positions, visibleRows } from './json-rows.ts'

function indexOf(text: string): JsonIndex {
  const indexer = new JsonIndexer(text)
  expect(indexer.run()).toBe(true)
  return indexer.index()
}

describe('the index of a JSON text', () => {
  test('keeps numbers as they were sent, NaN and 64-bit integers too', () => {
    const index = indexOf('{"a": 12345678901234567890, "b": NaN, "c": [-Infinity, 1.50e-3]}')
    expect([...Array(index.count).keys()].map((node) => [keyOf(index, node), rawValue(index, node)])).toEqual(
      [
        [null, index.text],
        ['a', '12345678901234567890'],
        ['b', 'NaN'],
        ['c', '[-Infinity, 1.50e-3]'],
        [null, '-Infinity'],
        [null, '1.50e-3'],
      ],
    )
  })

  test('knows children, parents and where each subtree ends', () => {
    const index = indexOf('[{"x":[1,2]},{},"end"]')
    expect([...index.size]).toEqual([3, 1, 2, 0, 0, 0, 0])
    expect([...index.parent]).toEqual([-1, 0, 1, 2, 2, 0, 0])
    expect([...index.next]).toEqual([7, 5, 5, 4, 5, 6, 7])
  })

  test('reads escapes, and a quote before the end of a string', () => {
    const index = indexOf(String.raw`{"a\"b":"line\n\\"}`)
    expect(keyOf(index, 1)).toBe('a"b')
    expect(stringValue(index, 1)).toBe('line\n\\')
  })

  test.each([
    ['', 0],
    ['{"a":1,}', 7],
    ['[1 2]', 3],
    ['{"a" 1}', 5],
    ['"open', 0],
    ['[1]]', 3],
    ['[1}', 2],
    ['nul', 0],
    ['[1', 2],
  ])('refuses %j and says where', (text, at) => {
    expect(() => new JsonIndexer(text).run()).toThrow(
      expect.objectContaining({ name: 'JsonSyntaxError', at }) as JsonSyntaxError,
    )
  })

  test('pauses when told and comes to the same end', () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, (_, i) => ({ i })))
    const indexer = new JsonIndexer(text)
    let runs = 0
    while (!indexer.run(() => true)) runs += 1
    expect(runs).toBeGreaterThan(5)
    expect(indexer.index().count).toBe(40_001)
  })

  test('survives nesting that would overflow a recursive reader', () => {
    const depth = 100_000
    expect(indexOf('['.repeat(depth) + ']'.repeat(depth)).count).toBe(depth)
  })
})

describe('the rows of a tree', () => {
  const index = indexOf('{"a":[1,2,3],"b":{"c":{"d":0}},"e":1}')

  test('show only what lies in open parents', () => {
    expect([...visibleRows(index, new Set())]).toEqual([0])
    expect([...visibleRows(index, new Set([0]))]).toEqual([0, 1, 5, 8])
    expect([...visibleRows(index, new Set([0, 5, 1]))]).toEqual([0, 1, 2, 3, 4, 5, 6, 8])
    // An open part inside a closed one stays hidden.
    expect([...visibleRows(index, new Set([0, 6]))]).toEqual([0, 1, 5, 8])
  })

  test('know their depth and place', () => {
    const rows = visibleRows(index, allContainers(index))
    expect([...rows].map((node) => depthOf(index, node))).toEqual([0, 1, 2, 2, 2, 1, 2, 3, 1])
    expect([...positions(index, rows)]).toEqual([0, 0, 0, 1, 2, 1, 0, 0, 2])
  })

  test('open small parts at first, and leave large ones closed', () => {
    expect([...firstOpen(index)]).toEqual([0, 1, 5])
    const large = indexOf(JSON.stringify({ few: [1], many: Array.from({ length: 1_000 }, () => 0) }))
    expect([...firstOpen(large)]).toEqual([0, 1])
    expect([...firstOpen(indexOf('7'))]).toEqual([])
  })

  test('stop at the most a browser can scroll', () => {
    expect(visibleRows(index, allContainers(index), 4).length).toBe(4)
  })
})
