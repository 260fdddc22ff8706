import type { Device } from '#model/device.ts'
import type { TaskSummary } from '#model/task.ts'
import type { Streaming } from '#protocols/weir/client.ts'

/** What a live panel shows the samples of: a device, or the numbers of a task. */
export interface LiveSubject extends Streaming, Pick<Device, 'stream'> {
  /** Messages per second; null where they are not counted. */
  rate: number | null
  /** Under which name choices are remembered, where not under its own: tasks of one type are seen alike. */
  like?: string
}

export function subjectOfDevice({ source, id, stream, rate }: Device): LiveSubject {
  return { kind: 'devices', source, id, stream, rate }
}

export function subjectOfTask(task: Pick<TaskSummary, 'source' | 'id' | 'type' | 'stream'>): LiveSubject {
  const { source, id, type, stream } = task
  return { kind: 'tasks', source, id, stream, rate: null, like: `tasks of type ${type ?? 'unknown'}` }
}
