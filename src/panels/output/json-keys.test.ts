import { expect, test } from 'vitest'
import { JsonIndexer } from './json-index.ts'
import { moveInTree } from './json-keys.ts'
import { visibleRows } from './json-rows.ts'

const indexer = new JsonIndexer('{"a":[1,2],"b":{},"c":3}')
indexer.run()
const index = indexer.index()
const OPEN = new Set([0, 1])
// Rows: 0 root, 1 a, 2 and 3 its items, 4 b, 5 c.
const rows = visibleRows(index, OPEN)
const press = (key: string, row: number, open: ReadonlySet<number> = OPEN) =>
  moveInTree(key, index, open === OPEN ? rows : visibleRows(index, open), row, open)

test('arrows, Home and End go from row to row and stop at the ends', () => {
  expect(press('ArrowDown', 0)).toEqual({ row: 1 })
  expect(press('ArrowDown', 5)).toEqual({ row: 5 })
  expect(press('ArrowUp', 0)).toEqual({ row: 0 })
  expect(press('End', 0)).toEqual({ row: 5 })
  expect(press('Home', 4)).toEqual({ row: 0 })
  expect(press('PageDown', 1)).toEqual({ row: 5 })
})

test('right unfolds, then goes in; left folds, then goes out', () => {
  expect(press('ArrowRight', 1, new Set([0]))).toEqual({ toggle: 1 })
  expect(press('ArrowRight', 1)).toEqual({ row: 2 })
  expect(press('ArrowLeft', 3)).toEqual({ row: 1 })
  expect(press('ArrowLeft', 1)).toEqual({ toggle: 1 })
  expect(press('ArrowLeft', 0, new Set())).toEqual({})
})

test('Enter folds containers only, and other keys are left to the page', () => {
  expect(press('Enter', 1)).toEqual({ toggle: 1 })
  expect(press('Enter', 5)).toEqual({})
  expect(press('ArrowRight', 4)).toEqual({})
  expect(press('x', 1)).toBeNull()
})
