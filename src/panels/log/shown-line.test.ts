import { expect, it } from 'vitest'
import { pieces, rowCount, rowStarts, showLine } from './shown-line.ts'

const RED = '\x1b[31mred\x1b[0m'

it('shows plain lines as they are', () => {
  expect(showLine('abc')).toEqual({ text: 'abc', columns: 3, spans: [] })
  expect(rowCount('abcdef', 4)).toBe(2)
  expect(rowCount('', 4)).toBe(1)
})

it('measures and breaks what is shown, not what was sent', () => {
  const line = showLine(`ab ${RED} cd`)
  expect(line.text).toBe('ab red cd')
  expect(rowStarts(line, 4)).toEqual([0, 4, 8])
  expect(rowStarts(line, null)).toEqual([0])
  expect(rowCount(`ab ${RED} cd`, 4)).toBe(3)
})

it('cuts a row where the style or a mark changes', () => {
  const line = showLine(`ab ${RED} cd`)
  const cut = pieces(line, 0, line.text.length, [[4, 8]])
  expect(cut.map(({ text, style, mark }) => [text, style?.className ?? '', mark])).toEqual([
    ['ab ', '', false],
    ['r', 'ansi-red-fg', false],
    ['ed', 'ansi-red-fg', true],
    [' c', '', true],
    ['d', '', false],
  ])
})

it('cuts a row out of the middle of a line', () => {
  expect(pieces(showLine('abcdef'), 2, 4, []).map((piece) => piece.text)).toEqual(['cd'])
  expect(pieces(showLine('abcdef'), 2, 4, [[0, 3]]).map((piece) => [piece.text, piece.mark])).toEqual([
    ['c', true],
    ['d', false],
  ])
})
