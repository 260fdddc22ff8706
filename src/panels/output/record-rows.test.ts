import { expect, test } from 'vitest'
import { JsonIndexer } from './json-index.ts'
import { recordRows } from './record-rows.ts'

function rowsOf(json: string) {
  const indexer = new JsonIndexer(json)
  indexer.run()
  return recordRows(indexer.index())
}

test('like records make a table, with numbers as they were sent', () => {
  expect(rowsOf('[{"n":1.50,"who":"a"},{"n":NaN},{"who":"b","big":12345678901234567890}]')).toEqual({
    columns: ['n', 'who', 'big'],
    rows: [
      ['1.50', 'a', null],
      ['NaN', null, null],
      [null, 'b', '12345678901234567890'],
    ],
    numeric: [true, false, true],
    more: 0,
  })
})

test('long lists are cut, and say so', () => {
  expect(rowsOf(JSON.stringify(Array.from({ length: 600 }, (_, n) => ({ n }))))?.more).toBe(100)
})

test.each(['[]', '[{"a":1}]', '[1,2]', '[{"a":1},2]', '[{"a":[1]},{"a":[2]}]', '{"a":1}', '[{},{}]'])(
  '%s is no table',
  (json) => {
    expect(rowsOf(json)).toBeNull()
  },
)
