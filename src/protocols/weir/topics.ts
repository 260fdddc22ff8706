/** What a page can watch: live lists, and one task or device each. */
export const LIST_TOPICS = ['tasks', 'devices', 'sources', 'commands', 'batches'] as const
export type ListTopic = (typeof LIST_TOPICS)[number]
/** `SOURCE/tasks/ID`, both percent-encoded. */
export type TaskTopic = `${string}/tasks/${string}`
/** `SOURCE/devices/ID`, both percent-encoded. */
export type DeviceTopic = `${string}/devices/${string}`
export type Topic = ListTopic | TaskTopic | DeviceTopic

export function isListTopic(topic: string): topic is ListTopic {
  return (LIST_TOPICS as readonly string[]).includes(topic)
}

export function taskTopic(source: string, id: string): TaskTopic {
  return `${encodeURIComponent(source)}/tasks/${encodeURIComponent(id)}`
}

export function deviceTopic(source: string, id: string): DeviceTopic {
  return `${encodeURIComponent(source)}/devices/${encodeURIComponent(id)}`
}

export function isDeviceTopic(topic: string): topic is DeviceTopic {
  return /^[^/]+\/devices\/[^/]+$/.test(topic)
}
