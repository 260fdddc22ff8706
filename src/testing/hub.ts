import { createParser } from 'eventsource-parser'
import { Hono } from 'hono'
import type { ManualClock } from '#lib/clock.ts'
import type { TaskSummary } from '#model/task.ts'
import type { CarriedSession } from '#protocols/weir/api.ts'
import type { Batch } from '#protocols/weir/stream.ts'
import type { TaskTopic } from '#protocols/weir/topics.ts'
import { Hub } from '#relay/hub.ts'
import { MemoryJournal, type JournalLimits } from '#relay/journal.ts'
import { LiveList } from '#relay/live-list.ts'
import { boundBodies } from '#relay/request-body.ts'
import { streamApi } from '#relay/stream-api.ts'
import { TaskBook } from '#relay/task-book.ts'

/** A relay without sources: its record of tasks, its hub, and the routes of its event streams. */
export interface TestHub {
  hub: Hub
  book: TaskBook
  tasks: LiveList<TaskSummary>
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** A task reports a step. */
  step(id: string, n: number, message?: string): void
}

/** @param epoch names the record: another one is that of a relay that was started again */
export function createTestHub(
  clock: ManualClock,
  epoch = 'e1',
  limits: Partial<JournalLimits> = {},
): TestHub {
  const journal = new MemoryJournal(epoch, limits)
  const tasks = new LiveList<TaskSummary>(() => {
    hub.listChanged('tasks')
  })
  const none = new LiveList<object>(() => undefined)
  const hub = new Hub({
    clock,
    journal,
    version: '1',
    lists: { tasks, devices: none, sources: none, commands: none, batches: none },
    snapshot: (topic, fault) => book.snapshot(topic as TaskTopic, fault),
  })
  const book = new TaskBook({
    clock,
    journal,
    list: tasks,
    began: (topic) => {
      hub.topicBegan(topic)
    },
    grew: () => {
      hub.journalGrew()
    },
  })
  let streams = 0
  const api = new Hono().use(boundBodies(() => false)).route(
    '/api',
    streamApi(hub, () => `${streams++}`),
  )
  return {
    hub,
    book,
    tasks,
    fetch: async (url, init) => api.fetch(new Request(new URL(url, 'http://weir.test'), init)),
    step: (id, n, message = `step ${n}`) => {
      book.record('lab', 'labdaemon', id, [
        { k: 'progress', at: clock.now(), step: n, total: 1_000, percent: n / 10, message },
      ])
    },
  }
}

/** One event of a stream as a page sees it. */
export interface StreamMessage {
  id: string | undefined
  event: string | undefined
  data: unknown
}

/** Reads an event stream to its end; `messages` grows while the clock advances. */
export function readStream(stream: ReadableStream<Uint8Array>) {
  const messages: StreamMessage[] = []
  let bytes = 0
  const parser = createParser({
    onEvent: ({ id, event, data }) => messages.push({ id, event, data: JSON.parse(data) as unknown }),
  })
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  const ended = (async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      bytes += value.length
      parser.feed(decoder.decode(value, { stream: true }))
    }
  })()
  return {
    messages,
    ended,
    get bytes() {
      return bytes
    },
    /** What came for a session of a browser's stream. */
    of: (route: string): Batch =>
      messages.filter(({ id }) => id?.split(' ')[0] === route).flatMap(({ data }) => data as Batch),
    /** The id of the last message for it, as `after` wants it. */
    lastOf: (route: string): string | null =>
      messages.findLast(({ id }) => id?.split(' ')[0] === route)?.id?.split(' ')[1] ?? null,
    close: () => reader.cancel(),
  }
}

/** The steps that batches tell of a task: of a snapshot, then of the events after it. */
export function stepsIn(batches: Batch, topic: string): number[] {
  return batches.flatMap((message) => {
    if (message.t !== topic) return []
    if ('s' in message) return message.s && 'task' in message.s ? [message.s.task.progress?.step ?? -1] : []
    return (message.e as { k: string; step?: number }[]).flatMap((e) => (e.k === 'progress' ? [e.step!] : []))
  })
}

/** States what a browser's stream carries. */
export async function putSessions(
  api: Pick<TestHub, 'fetch'>,
  carrier: string,
  n: number,
  sessions: readonly (Partial<CarriedSession> & { id: string })[],
): Promise<number> {
  const body = {
    n,
    sessions: sessions.map((session) => ({
      route: session.id,
      after: null,
      tell: 'live',
      topics: [],
      ...session,
    })),
  }
  const { status } = await api.fetch(`/api/stream/${carrier}/sessions`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return status
}
