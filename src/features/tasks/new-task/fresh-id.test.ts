import { expect, it } from 'vitest'
import { freshTaskId } from './fresh-id.ts'

it('is made of the type', () => {
  expect(freshTaskId('LongRunningTask', [])).toBe('long-running-1')
  expect(freshTaskId('lab.tasks.SweepTask', [])).toBe('lab.tasks.sweep-1')
  expect(freshTaskId('', [])).toBe('task-1')
  expect(freshTaskId('Ünïcode & spaces', [])).toBe('n-code-spaces-1')
})

it('counts on from what is taken, copies included', () => {
  expect(freshTaskId('SweepTask', ['sweep-2', 'sweep-7-3', 'sweep-x', 'other-9'])).toBe('sweep-8')
})
