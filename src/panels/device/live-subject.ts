import { streamDeviceOf, type Device } from '#model/device.ts'
import type { TaskSummary } from '#model/task.ts'

/** What a live panel shows the samples of: a device, or a task by the virtual device through which it reports. */
export interface LiveSubject extends Pick<Device, 'source' | 'id' | 'stream'> {
  /** Messages per second; null where they are not counted. */
  rate: number | null
  /** Under which name choices are remembered, where not under its own: tasks of one type are seen alike. */
  like?: string
}

export function subjectOfTask(task: Pick<TaskSummary, 'source' | 'id' | 'type' | 'stream'>): LiveSubject {
  return {
    source: task.source,
    id: streamDeviceOf(task.id),
    stream: task.stream,
    rate: null,
    like: `tasks of type ${task.type ?? 'unknown'}`,
  }
}
