import { expect, test } from 'vitest'
import type { TaskStatus } from '#model/status.ts'
import { reached, reachedWords } from './stop-report.tsx'
import type { Stopped } from './stop-tasks.ts'

const stop = (id: string, outcome: Stopped['outcome']): Stopped => ({
  source: 'lab',
  id,
  outcome,
  refusal: null,
})

test('what a stop has reached, task by task', () => {
  const statuses = new Map<string, TaskStatus>([
    ['lab/a', 'cancelled'],
    ['lab/b', 'cancelling'],
    ['lab/c', 'running'],
    ['lab/d', 'completed'],
    ['lab/f', 'running'],
    ['lab/g', 'running'],
    ['lab/h', 'cancelled'],
  ])
  const { counts, unmet } = reached(
    [
      stop('a', 'accepted'),
      stop('b', 'accepted'),
      stop('c', 'refused'),
      stop('d', 'had-ended'),
      stop('e', 'not-answered'),
      stop('f', 'not-sent'),
      stop('g', 'asked'),
      // Not answered, but its source says that it was cancelled.
      stop('h', 'not-answered'),
    ],
    (key) => statuses.get(key),
  )
  expect(reachedWords(counts)).toBe(
    '2 cancelled, 1 ended by themselves, 1 being cancelled, 1 waiting for an answer, 1 refused, ' +
      '1 not answered: may have been cancelled, 1 not sent',
  )
  expect(unmet.map(({ id }) => id)).toEqual(['c', 'e', 'f'])
})
