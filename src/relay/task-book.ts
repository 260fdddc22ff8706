import { formatCount } from '#lib/format.ts'
import type { Clock } from '#lib/clock.ts'
import { isolate, report } from '#lib/isolate.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { LogBuffer, type LogColumns, type LogLine } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import type { SourceKind } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import { summaryOf, taskKey, unknownTask, type Task, type TaskSummary } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import { taskTopic, type TaskTopic } from '#protocols/weir/topics.ts'
import type { Journal } from './journal.ts'
import type { LiveList } from './live-list.ts'
import { ownFault } from './own-fault.ts'

export interface BookLimits {
  /** Ended tasks kept; the oldest go first. */
  endedTasks: number
  linesPerTask: number
  /** Bytes of log text per task, and for all tasks together. */
  logPerTask: number
  logInAll: number
}

const DEFAULT_LIMITS: BookLimits = {
  endedTasks: 2_000,
  linesPerTask: 2_000_000,
  logPerTask: 256 * 1024 * 1024,
  logInAll: 768 * 1024 * 1024,
}

/** Log lines that a snapshot brings along; earlier ones are read by range. */
const TAIL_LINES = 500
const TAIL_CHARS = 4_000_000
/** Records between two looks at how much all logs take. */
const CHECK_EVERY = 5_000

/** What bounds let go of is told no more often. */
const TELL_EVICTED_MS = 60_000

interface Entry {
  task: Task
  topic: TaskTopic
  log: LogBuffer
  /** Up to which line it was told that the log's front was let go, and when. */
  evicted: { first: number; at: number }
}

export interface BookOptions {
  clock: Clock
  journal: Journal
  list: LiveList<TaskSummary>
  /** A topic began: new task. */
  began(topic: TaskTopic): void
  /** The journal has new events. */
  grew(): void
  ended?(task: TaskSummary): void
  /** A task went, and all that was kept of it. */
  forgot?(task: TaskSummary): void
  limits?: Partial<BookLimits>
}

/**
 * The record of all tasks: each task's state, merged from everything that its source, its stream and people's
 * commands said, and its log. Everything enters as events, which are journalled for the pages.
 */
export class TaskBook {
  readonly #options: BookOptions
  readonly #limits: BookLimits
  readonly #entries = new Map<string, Entry>()
  readonly #byTopic = new Map<string, Entry>()
  #recorded = 0

  constructor(options: BookOptions) {
    this.#options = options
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
  }

  get(source: string, id: string): Task | undefined {
    return this.#entries.get(`${source}/${id}`)?.task
  }

  log(source: string, id: string): LogBuffer | undefined {
    return this.#entries.get(`${source}/${id}`)?.log
  }

  tasksOf(source: string): Task[] {
    return [...this.#entries.values()].flatMap(({ task }) => (task.source === source ? [task] : []))
  }

  all(): TaskSummary[] {
    return this.#options.list.values()
  }

  /** Enters events of a task, in order; a task that is not known yet begins with them. */
  record(source: string, kind: SourceKind, id: string, events: readonly TaskEvent[]): Task {
    const { clock, journal, list } = this.#options
    const key = `${source}/${id}`
    const known = this.#entries.get(key)
    const before = known?.task ?? unknownTask(source, kind, id, clock.now())
    // What cannot be written or folded changes nothing but that it is said.
    const { task, lines, json, count } = fold(before, events, clock.now())
    const entry = known ?? this.#begin(source, before)
    const { log } = entry
    const wasTerminal = isTerminal(before.status)
    for (const { at, kind: lineKind, text } of lines) log.append(at, lineKind, text)
    if (log.total !== task.log.total || log.first !== task.log.first)
      task.log = { first: log.first, total: log.total }
    entry.task = task
    // A burst is one entry: what costs per event is its JSON, not its bookkeeping.
    if (count > 0) journal.append(entry.topic, clock.now(), json, count)
    if (++this.#recorded % CHECK_EVERY === 0) this.#keepLogsWithin()
    list.set(key, summaryOf(entry.task))
    this.#options.grew()
    const { first, at: toldAt } = entry.evicted
    if (log.first > first && clock.now() - toldAt >= TELL_EVICTED_MS) {
      entry.evicted = { first: log.first, at: clock.now() }
      const text = `lines ${formatCount(first + 1)} to ${formatCount(log.first)} are no longer kept: the log has outgrown its bound`
      this.record(source, kind, id, [{ k: 'gap', at: clock.now(), cause: 'evicted', text, missed: null }])
    }
    if (!wasTerminal && isTerminal(task.status)) {
      isolate(this.#options, () => this.#options.ended?.(entry.task))
      this.#forgetOld()
    }
    return entry.task
  }

  #begin(source: string, task: Task): Entry {
    const { linesPerTask, logPerTask } = this.#limits
    const entry: Entry = {
      task,
      topic: taskTopic(source, task.id),
      log: new LogBuffer({ maxLines: linesPerTask, maxBytes: logPerTask }),
      evicted: { first: 0, at: -Infinity },
    }
    this.#entries.set(taskKey(task), entry)
    this.#byTopic.set(entry.topic, entry)
    this.#options.began(entry.topic)
    return entry
  }

  /**
   * What a page that begins to watch a task is given; null when there is no such task.
   * @param fault the whole could not be told, and why: the least there is, with these words
   */
  snapshot(topic: TaskTopic, fault?: string): TaskSnapshot | null {
    const entry = this.#byTopic.get(topic)
    if (!entry) return null
    const { task, log } = entry
    if (fault !== undefined) {
      const { source, kind, id, firstSeenAt, type, status, statusOrigin, statusAt, startedAt, endedAt } = task
      const least = { type, status, statusOrigin, statusAt, startedAt, endedAt, log: task.log }
      const told = { ...unknownTask(source, kind, id, firstSeenAt), ...least, statusNote: fault }
      return { task: told, tail: { first: log.total, at: [], kinds: [], texts: [] } }
    }
    return { task, tail: newestLines(log, TAIL_LINES, TAIL_CHARS) }
  }

  /** Whatever still runs, all logs together stay within their bound: the largest lose their oldest half. */
  #keepLogsWithin(): void {
    const entries = [...this.#entries.values()]
    let bytes = entries.reduce((sum, { log }) => sum + log.bytes, 0)
    while (bytes > this.#limits.logInAll) {
      const largest = entries.reduce((most, entry) => (entry.log.bytes > most.log.bytes ? entry : most))
      const { log, task } = largest
      const before = log.bytes
      log.dropBefore(Math.floor((log.first + log.total) / 2))
      if (log.first !== task.log.first) {
        largest.task = { ...task, log: { first: log.first, total: log.total } }
        this.#options.list.set(taskKey(task), summaryOf(largest.task))
      }
      if (log.bytes >= before) return
      bytes -= before - log.bytes
    }
  }

  /** Keeps within the bounds: logs lose their oldest lines, and ended tasks beyond the number kept go. */
  #forgetOld(): void {
    this.#keepLogsWithin()
    const ended = [...this.#entries.values()]
      .filter(({ task }) => isTerminal(task.status))
      .sort((a, b) => (a.task.endedAt ?? 0) - (b.task.endedAt ?? 0))
    for (const { task, topic } of ended.slice(0, Math.max(0, ended.length - this.#limits.endedTasks))) {
      this.#entries.delete(taskKey(task))
      this.#byTopic.delete(topic)
      this.#options.journal.drop(topic)
      this.#options.list.delete(taskKey(task))
      this.#options.forgot?.(task)
    }
  }
}

interface Folded {
  task: Task
  lines: LogLine[]
  /** The events' JSON, separated by commas. */
  json: string
  count: number
}

/** Folds events into a task, each written before it counts; one that fails is said in its place. */
function fold(task: Task, events: readonly TaskEvent[], at: number): Folded {
  try {
    return folded(task, events)
  } catch (error) {
    report(error)
    if (events.length <= 1)
      return folded(task, [{ k: 'lines', at, kind: 'error', texts: [`not entered: ${ownFault(error)}`] }])
  }
  let all: Folded = { task, lines: [], json: '', count: 0 }
  for (const event of events) {
    const { json, count, ...next } = fold(all.task, [event], at)
    all = {
      task: next.task,
      lines: [...all.lines, ...next.lines],
      json: all.json === '' ? json : `${all.json},${json}`,
      count: all.count + count,
    }
  }
  return all
}

function folded(task: Task, events: readonly TaskEvent[]): Folded {
  const json = stringifyExact(events).slice(1, -1)
  const lines: LogLine[] = []
  const next = reduceTask(task, events, (at, kind, text) => {
    lines.push({ at, kind, text })
  })
  return { task: next, lines, json, count: events.length }
}

/** The newest lines, the last one in any case. */
function newestLines(log: LogBuffer, most: number, chars: number): LogColumns {
  let first = log.total
  let left = chars
  while (first > Math.max(log.first, log.total - most)) {
    left -= log.textOf(first - 1)?.length ?? 0
    if (left < 0 && first < log.total) break
    first -= 1
  }
  return log.range(first, log.total)
}
