import { idOfSegment, pathSegment } from '#lib/segment.ts'

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

/** What a topic names; null when it is not a task's or device's. */
export function parseTopic(topic: string): { source: string; kind: string; id: string } | null {
  const match = /^([^/]+)\/(tasks|devices)\/([^/]+)$/.exec(topic)
  if (!match) return null
  const [, source, kind, id] = match as unknown as [string, string, string, string]
  try {
    return { source: idOfSegment(decodeURIComponent(source)), kind, id: idOfSegment(decodeURIComponent(id)) }
  } catch {
    return null
  }
}
