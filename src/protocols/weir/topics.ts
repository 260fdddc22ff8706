/** What a page can watch: live lists, and one task each. */
export const LIST_TOPICS = ['tasks', 'devices', 'sources', 'commands', 'batches'] as const
export type ListTopic = (typeof LIST_TOPICS)[number]
/** `SOURCE/tasks/ID`, both percent-encoded. */
export type TaskTopic = `${string}/tasks/${string}`
export type Topic = ListTopic | TaskTopic

export function isListTopic(topic: string): topic is ListTopic {
  return (LIST_TOPICS as readonly string[]).includes(topic)
}

export function taskTopic(source: string, id: string): TaskTopic {
  return `${encodeURIComponent(source)}/tasks/${encodeURIComponent(id)}`
}

/** The source and task of a topic; null when it is no task's topic. */
export function parseTaskTopic(topic: string): { source: string; id: string } | null {
  const match = /^([^/]+)\/tasks\/([^/]+)$/.exec(topic)
  if (!match) return null
  try {
    return { source: decodeURIComponent(match[1]!), id: decodeURIComponent(match[2]!) }
  } catch {
    return null
  }
}
