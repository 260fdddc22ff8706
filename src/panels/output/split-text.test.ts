import { expect, test } from 'vitest'
import { splitText } from './split-text.ts'

test('text is cut at the ends of lines and comes together again', () => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${i}\n`).join('')
  const parts = splitText(text, 64)
  expect(parts.join('')).toBe(text)
  expect(parts.slice(0, -1).every((part) => part.endsWith('\n'))).toBe(true)
})

test('one long line is cut where it must be, never inside a character', () => {
  const parts = splitText('😀'.repeat(10), 5)
  expect(parts.join('')).toBe('😀'.repeat(10))
  expect(parts.every((part) => !/[\uD800-\uDBFF]$/.test(part))).toBe(true)
  expect(splitText('', 5)).toEqual([])
})
