import { pathSegment } from '#lib/segment.ts'

/** `SOURCE/tasks/ID`, both as segments of a path. */
export type TaskTopic = `${string}/tasks/${string}`
/** `SOURCE/devices/ID`, both as segments of a path. */
export type DeviceTopic = `${string}/devices/${string}`

export function taskTopic(source: string, id: string): TaskTopic {
  return `${pathSegment(source)}/tasks/${pathSegment(id)}`
}

export function deviceTopic(source: string, id: string): DeviceTopic {
  return `${pathSegment(source)}/devices/${pathSegment(id)}`
}
