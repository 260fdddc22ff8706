import { expect, it } from 'vitest'
import { oneLine } from './format-line.ts'

it('drops colour codes and control characters', () => {
  expect(oneLine('\u001b[33mWARNING\u001b[0m: hot\tand\u0000 loud')).toBe('WARNING: hot and  loud')
})

it('shows the last state of a line that was overwritten', () => {
  expect(oneLine('10 %\r20 %\r30 %')).toBe('30 %')
  expect(oneLine('30 %\r')).toBe('30 %')
})

it('joins several lines', () => {
  expect(oneLine('one\n  two')).toBe('one   two')
})

it('cuts what no screen could show', () => {
  expect(oneLine('W'.repeat(10_000), 20)).toBe(`${'W'.repeat(19)}…`)
})
