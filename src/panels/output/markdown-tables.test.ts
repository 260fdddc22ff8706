import { expect, test } from 'vitest'
import { splitTables } from './markdown-tables.ts'

test('a table stands between the text around it', () => {
  expect(splitTables('before\n\n| a | b |\n| :-- | --: |\n| 1 | x \\| y |\n| 2 |\n\nafter')).toEqual([
    { kind: 'text', text: 'before\n' },
    {
      kind: 'table',
      head: ['a', 'b'],
      align: ['left', 'right'],
      rows: [
        ['1', 'x | y'],
        ['2', ''],
      ],
    },
    { kind: 'text', text: '\nafter' },
  ])
})

test.each(['a | b', 'a | b\n---', '```\n| a | b |\n| --- | --- |\n```', 'title\n---', ''])(
  '%j has no table',
  (text) => {
    expect(splitTables(text).filter(({ kind }) => kind === 'table')).toEqual([])
    expect(splitTables(text).map((part) => (part.kind === 'text' ? part.text : ''))).toEqual(
      text ? [text] : [],
    )
  },
)

test('a table may begin and end the text, and still be growing', () => {
  expect(splitTables('a|b\n-|-')).toEqual([
    { kind: 'table', head: ['a', 'b'], align: [null, null], rows: [] },
  ])
})
