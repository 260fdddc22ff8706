import { summaryOf, unknownTask, type TaskSummary } from '#model/task.ts'

/** A running task of the source `lab` for tests, with what matters to the test set. */
export function sampleTask(id: string, part: Partial<TaskSummary> = {}): TaskSummary {
  return {
    ...summaryOf(unknownTask('lab', 'sample', id, 1_000)),
    status: 'running',
    type: 'SweepTask',
    ...part,
  }
}

export function tasksOf(...tasks: TaskSummary[]): Map<string, TaskSummary> {
  return new Map(tasks.map((task) => [`${task.source}/${task.id}`, task]))
}
