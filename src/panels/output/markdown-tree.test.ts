import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEEPEST, markdownTree, MOST_MARKS, type Mark } from './markdown-tree.ts'

test('every kind of mark as it was meant, and HTML left out', () => {
  const text = [
    '# Title',
    'one  \ntwo *soft* **hard** `co\nde` <b>bold</b>',
    '<script>alert(1)</script>',
    '- a\n- b',
    '3. loose\n\n4. list',
    '> quoted',
    '```py\nx = 1\n```',
    '[here](https://a.example "title") ![pic](<https://a.example/a b.png>) [there][1] ![p][1]',
    '---',
    '[1]: https://b.example',
  ].join('\n\n')
  expect(markdownTree(text)).toEqual([
    { kind: 'heading', level: 1, parts: ['Title'] },
    {
      kind: 'paragraph',
      parts: [
        'one',
        { kind: 'break' },
        'two ',
        { kind: 'emphasis', parts: ['soft'] },
        ' ',
        { kind: 'strong', parts: ['hard'] },
        ' ',
        { kind: 'code', block: false, text: 'co de' },
        ' ',
        'bold',
      ],
    },
    {
      kind: 'list',
      start: null,
      parts: [
        { kind: 'item', parts: ['a'] },
        { kind: 'item', parts: ['b'] },
      ],
    },
    {
      kind: 'list',
      start: 3,
      parts: [
        { kind: 'item', parts: [{ kind: 'paragraph', parts: ['loose'] }] },
        { kind: 'item', parts: [{ kind: 'paragraph', parts: ['list'] }] },
      ],
    },
    { kind: 'quote', parts: [{ kind: 'paragraph', parts: ['quoted'] }] },
    { kind: 'code', block: true, text: 'x = 1' },
    {
      kind: 'paragraph',
      parts: [
        { kind: 'link', url: 'https://a.example', parts: ['here'] },
        ' ',
        { kind: 'picture', url: 'https://a.example/a%20b.png', alt: 'pic' },
        ' ',
        { kind: 'link', url: 'https://b.example', parts: ['there'] },
        ' ',
        { kind: 'picture', url: 'https://b.example', alt: 'p' },
      ],
    },
    { kind: 'rule' },
  ])
})

test('a table between, its cells laid out as well', () => {
  expect(markdownTree('a | b\n:-- | --:\n**1** | x')).toEqual([
    {
      kind: 'table',
      head: [['a'], ['b']],
      align: ['left', 'right'],
      rows: [[[{ kind: 'strong', parts: ['1'] }], ['x']]],
    },
  ])
})

test('what is nested too deep stands as it was written', () => {
  const text = JSON.stringify(markdownTree(`${'> '.repeat(100)}end`))
  expect(text.match(/quote/g)).toHaveLength(DEEPEST + 1)
  expect(text).toContain('> > > end')
})

test('too many pieces are none', () => {
  expect(markdownTree('- a\n'.repeat(MOST_MARKS))).toBeNull()
})

function measure(marks: readonly Mark[]): { depth: number; count: number } {
  let [depth, count] = [0, 0]
  for (const mark of marks) {
    count += 1
    if (typeof mark === 'string') continue
    const inner =
      mark.kind === 'table' ? [...mark.head, ...mark.rows.flat()].flat() : 'parts' in mark ? mark.parts : []
    const below = measure(inner)
    depth = Math.max(depth, below.depth)
    count += below.count
  }
  return { depth: depth + 1, count }
}

const MARKERS =
  '> |* |1. |- |[|]|](|![|**|_|*|<|<b>|`|```\n|\n|\n\n|    |\\|&amp;|<!--|[a]: |x|# |---\n|http://a.example'
    .split('|')
    .concat('|', '\n|-|-|\n')

test('markers in any order and nesting become a tree that is neither deep nor large', () => {
  const marker = fc.constantFrom(...MARKERS)
  const text = fc.oneof(
    fc.array(marker, { maxLength: 60 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.array(marker, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 40 }))
      .map(([parts, times]) => parts.join('').repeat(times)),
  )
  fc.assert(
    fc.property(text, (each) => {
      const tree = markdownTree(each)
      if (tree === null) return
      const { depth, count } = measure(tree)
      expect(depth).toBeLessThanOrEqual(DEEPEST + 6)
      expect(count).toBeLessThanOrEqual(MOST_MARKS * 2)
    }),
    { numRuns: 400, interruptAfterTimeLimit: 4_000 },
  )
})
