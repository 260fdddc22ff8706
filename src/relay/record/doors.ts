import { stringifyExact } from '#lib/exact-json.ts'
import type { Device, StreamHold } from '#model/device.ts'
import type { LogBuffer, LogColumns } from '#model/log-buffer.ts'
import { isTerminal } from '#model/status.ts'
import { summaryOf, type Task, type TaskSummary } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { addressOf } from '#topics/address.ts'
import { DEVICE } from '#topics/device.ts'
import { TASK } from '#topics/task.ts'
import type { Topic } from './kind-table.ts'
import type { RowQuery } from './store.ts'
import type { TopicRecord } from './record.ts'

/** How much one answer may bring. */
export interface LineBounds {
  lines: number
  chars: number
}

/** Characters of a result that is kept. */
const LONGEST_OUTPUT = 16 * 1024 * 1024

/** The record's tasks: what adapters and the API ask for by source and id. */
export class Tasks {
  readonly #record: TopicRecord

  constructor(record: TopicRecord) {
    this.#record = record
  }

  get(source: string, id: string): Task | undefined {
    return this.#record.get(TASK, source, id)
  }

  log(source: string, id: string): LogBuffer | undefined {
    return this.#record.topic(TASK, source, id)?.bulk.lines ?? undefined
  }

  /** The task, read back from where it is kept if it is not in memory. Rejects with a StoreError. */
  async load(source: string, id: string): Promise<Task | undefined> {
    const topic = await this.#record.load(TASK, source, id)
    return topic?.state as Task | undefined
  }

  /** True where there is such a task, though it may have to be read back. */
  knows(source: string, id: string): boolean {
    return this.#record.knows(TASK, source, id)
  }

  /**
   * Lines of a task's log, in order: from `from` on up to `to`, as many as the bounds allow, one at least. Fewer
   * where some are no longer kept. Rejects with a StoreError.
   */
  async lines(source: string, id: string, from: number, to: number, most: LineBounds): Promise<LogColumns> {
    const log = this.log(source, id)!
    const start = Math.max(from, log.first)
    const end = Math.min(to, log.total, start + most.lines)
    const { store } = this.#record.keeper
    if (!store || log.missing(start, end).length === 0) return log.range(start, end, most.chars)
    await this.#record.keeper.settled()
    return store.lines(addressOf(TASK.name, source, id), start, end, most.lines, most.chars)
  }

  /** Keeps the result's JSON with its task. */
  keepOutput(source: string, id: string, json: string): void {
    if (json.length <= LONGEST_OUTPUT) this.#record.keepText(TASK, source, id, 'output', json)
  }

  /** The result's JSON, where it was kept; null otherwise. Rejects with a StoreError. */
  output(source: string, id: string): Promise<string | null> {
    return this.#record.text(TASK, source, id, 'output')
  }

  tasksOf(source: string): Task[] {
    return this.#record.all(TASK).flatMap(({ key, state }) => (key.source === source ? [state as Task] : []))
  }

  all(): TaskSummary[] {
    return this.#record.all(TASK).map(({ state }) => summaryOf(state as Task))
  }

  /**
   * Rows of tasks that match, newest first: those that have not ended before those that have. Their JSON, and where
   * the next page begins; null after the last. Rejects with a StoreError.
   * @param unlisted only those that are in no live list
   */
  async page(
    unlisted: boolean,
    query: Omit<RowQuery, 'kind'>,
  ): Promise<{ rows: string[]; cursor: string | null }> {
    const { store } = this.#record.keeper
    if (!store) return unlisted ? { rows: [], cursor: null } : pageOf(this.all(), query)
    await this.#record.keeper.settled()
    const found: string[] = []
    let { cursor = null }: { cursor?: string | null } = query
    do {
      const more = { limit: query.limit - found.length, ...(cursor === null ? {} : { cursor }) }
      const page = await store.rows({ ...query, ...more, kind: TASK.name })
      for (const { source, id, json } of page.rows)
        if (!unlisted || this.#record.topic(TASK, source, id)?.isListed !== true) found.push(json)
      ;({ cursor } = page)
    } while (found.length < query.limit && cursor !== null)
    return { rows: found, cursor }
  }

  /** Enters events of a task, in order; a task that is not known yet begins with them. */
  record(source: string, sourceKind: string, id: string, events: readonly TaskEvent[]): Task {
    return this.#record.append(TASK, { source, id, sourceKind }, events)
  }
}

/** A page of what is all in memory; the cursor counts rows. */
function pageOf(
  tasks: readonly TaskSummary[],
  { source, statuses, type, text, ended, cursor, limit }: Omit<RowQuery, 'kind'>,
): { rows: string[]; cursor: string | null } {
  const found = tasks
    .map((task) => ({ task, columns: TASK.columns(task) }))
    .filter(
      ({ task, columns }) =>
        (source === undefined || task.source === source) &&
        (statuses === undefined || statuses.includes(task.status)) &&
        (type === undefined || task.type === type) &&
        (text === undefined || columns.words.includes(text)) &&
        (ended === undefined || ended === (columns.ended !== null)),
    )
    .sort(
      (a, b) =>
        (b.columns.ended ?? Infinity) - (a.columns.ended ?? Infinity) || b.columns.began - a.columns.began,
    )
  const from = Math.trunc(Number(cursor ?? 0)) || 0
  const rows = found.slice(from, from + limit).map(({ task }) => stringifyExact(task))
  return { rows, cursor: from + limit < found.length ? `${from + limit}` : null }
}

/** The task that has just ended, where the topic is one's and it has; `before` is its state as it was. */
export function justEnded({ kind, state }: Topic, before: unknown): Task | null {
  if (kind !== TASK) return null
  return !isTerminal((before as Task).status) && isTerminal((state as Task).status) ? (state as Task) : null
}

/** The record's devices as their sources list them. */
export class Devices {
  readonly #record: TopicRecord

  constructor(record: TopicRecord) {
    this.#record = record
  }

  get(source: string, id: string): Device | undefined {
    return this.#record.get(DEVICE, source, id)?.device ?? undefined
  }

  /** The devices of a source that Weir streamed when it ended, with the word by which it did. */
  heldBefore(source: string): ReadonlyMap<string, StreamHold> {
    const held = new Map<string, StreamHold>()
    for (const device of this.values())
      if (device.source === source && device.heldBefore) held.set(device.id, device.heldBefore)
    return held
  }

  values(): Device[] {
    return this.#record.all(DEVICE).flatMap(({ state }) => {
      const { device } = state as { device: Device | null }
      return device ? [device] : []
    })
  }

  set(device: Device): void {
    const { source, id } = device
    this.#record.append(DEVICE, { source, id }, [{ k: 'listed', device }], false)
  }

  /** Its source lists it no more; what it streamed stays. */
  unlist(source: string, id: string): void {
    if (!this.get(source, id)) return
    this.#record.append(DEVICE, { source, id }, [{ k: 'listed', device: null }], false)
  }
}
