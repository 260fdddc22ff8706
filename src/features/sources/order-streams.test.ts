import { expect, test } from 'vitest'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskStatus } from '#model/status.ts'
import { summaryOf, unknownTask } from '#model/task.ts'
import { streamsOf } from './order-streams.ts'

const task = (id: string, name: StreamStateName, status: TaskStatus = 'running', source = 'lab') => ({
  ...summaryOf(unknownTask(source, 'labdaemon', id, 0)),
  status,
  stream: { name, reason: '', since: 0, retryAt: null },
})

test('troubled streams come first; those of ended tasks are left out once they rest', () => {
  const tasks = [
    task('t10', 'open'),
    task('t9', 'open'),
    task('held', 'in_use'),
    task('ended', 'closed', 'completed'),
    task('closing', 'open', 'completed'),
    task('quiet', 'none'),
    task('elsewhere', 'open', 'running', 'other'),
  ]
  expect(streamsOf(tasks, 'lab').map(({ id }) => id)).toEqual(['held', 'closing', 't9', 't10', 'quiet'])
})
