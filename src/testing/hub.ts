import { createParser } from 'eventsource-parser'
import { Hono } from 'hono'
import type { Clock, ManualClock } from '#lib/clock.ts'
import type { CarriedSession } from '#protocols/weir/api.ts'
import type { Batch, TaskSnapshot } from '#protocols/weir/stream.ts'
import { Hub } from '#relay/fanout/hub.ts'
import { streamApi } from '#relay/fanout/stream-api.ts'
import { Bounds } from '#relay/record/bounds.ts'
import { Tasks } from '#relay/record/doors.ts'
import type { RecordLimits } from '#relay/record/limits.ts'
import { TopicRecord } from '#relay/record/record.ts'
import type { Store } from '#relay/record/store.ts'
import { boundBodies } from '#relay/request-body.ts'
import { DEVICE } from '#topics/device.ts'
import { NUMBERS } from '#topics/numbers.ts'
import { BATCH, COMMAND, SOURCE } from '#topics/rows.ts'
import { TASK } from '#topics/task.ts'

/** A relay without sources: its record of tasks, its hub, and the routes of its event streams. */
export interface TestHub {
  hub: Hub
  record: TopicRecord
  book: Tasks
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** A task reports a step. */
  step(id: string, n: number, message?: string): void
}

/** A record of all kinds, as the relay has it. */
export function createTestRecord(
  clock: Clock,
  limits: Partial<RecordLimits> = {},
  epoch = 'e1',
  store: Store | null = null,
): TopicRecord {
  const kinds = [TASK, NUMBERS, DEVICE, SOURCE, COMMAND, BATCH]
  const record = new TopicRecord({ clock, epoch, kinds, limits, store })
  record.observe(new Bounds(record, { wants: () => false }))
  return record
}

/** @param epoch names the record: another one is that of a relay that was started again */
export function createTestHub(clock: ManualClock, epoch = 'e1', limits: Partial<RecordLimits> = {}): TestHub {
  const record = createTestRecord(clock, limits, epoch)
  const hub = new Hub(record, '1')
  const book = new Tasks(record)
  let streams = 0
  const api = new Hono().use(boundBodies(() => false)).route(
    '/api',
    streamApi(hub, () => `${streams++}`),
  )
  return {
    hub,
    record,
    book,
    fetch: async (url, init) => api.fetch(new Request(new URL(url, 'http://weir.test'), init)),
    step: (id, n, message = `step ${n}`) => {
      book.record('lab', 'labdaemon', id, [
        { k: 'progress', at: clock.now(), step: n, total: 1_000, percent: n / 10, message },
      ])
    },
  }
}

/** One event of a stream as a page sees it. */
interface StreamMessage {
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
    if ('s' in message) {
      const told = message.s as TaskSnapshot | null
      return told ? [told.task.progress?.step ?? -1] : []
    }
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
