import { idOfSegment, pathSegment } from '#lib/segment.ts'

/** What a page can watch: live lists, and one task or device each. */
export const LIST_TOPICS = ['tasks', 'devices', 'sources', 'commands', 'batches'] as const
export type ListTopic = (typeof LIST_TOPICS)[number]
/** `SOURCE/tasks/ID`, both as segments of a path. */
export type TaskTopic = `${string}/tasks/${string}`
/** `SOURCE/devices/ID`, both as segments of a path. */
export type DeviceTopic = `${string}/devices/${string}`
export type Topic = ListTopic | TaskTopic | DeviceTopic

export function isListTopic(topic: string): topic is ListTopic {
  return (LIST_TOPICS as readonly string[]).includes(topic)
}

export function taskTopic(source: string, id: string): TaskTopic {
  return `${pathSegment(source)}/tasks/${pathSegment(id)}`
}

export function deviceTopic(source: string, id: string): DeviceTopic {
  return `${pathSegment(source)}/devices/${pathSegment(id)}`
}

export function isDeviceTopic(topic: string): topic is DeviceTopic {
  return /^[^/]+\/devices\/[^/]+$/.test(topic)
}

/** What a topic names; null when it is not a task's or device's. */
export function parseTopic(topic: string): { source: string; kind: 'tasks' | 'devices'; id: string } | null {
  const match = /^([^/]+)\/(tasks|devices)\/([^/]+)$/.exec(topic)
  if (!match) return null
  const [, source, kind, id] = match as unknown as [string, string, 'tasks' | 'devices', string]
  try {
    return { source: idOfSegment(decodeURIComponent(source)), kind, id: idOfSegment(decodeURIComponent(id)) }
  } catch {
    return null
  }
}
