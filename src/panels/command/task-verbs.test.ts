import { expect, it } from 'vitest'
import type { TaskStatus } from '#model/status.ts'
import { NOT_ANSWERED } from '#model/task.ts'
import { controlsOf } from './task-verbs.ts'

const verbs = (status: TaskStatus, canPause = true, statusNote: string | null = null) =>
  controlsOf({ status, statusNote }, canPause).map(({ verb, disabled }) => (disabled ? `(${verb})` : verb))

it('offers what the source can do', () => {
  expect(verbs('running')).toEqual(['pause', 'cancel'])
  expect(verbs('paused')).toEqual(['resume', 'cancel'])
  expect(verbs('running', false)).toEqual(['cancel'])
})

it('offers nothing for what has ended', () => {
  expect(verbs('completed')).toEqual([])
  expect(verbs('cancelled')).toEqual([])
})

it('keeps controls that cannot be used now, with the reason', () => {
  expect(verbs('cancelling')).toEqual(['(pause)', '(cancel)'])
})

it('a cancel that nobody answered can be asked for again', () => {
  expect(verbs('cancelling', false, NOT_ANSWERED)).toEqual(['cancel'])
})

it('can cancel what may still run though nobody knows', () => {
  expect(verbs('unknown')).toContain('cancel')
  expect(verbs('lost')).toEqual(['cancel'])
  expect(verbs('lost', false)).toEqual(['cancel'])
})
