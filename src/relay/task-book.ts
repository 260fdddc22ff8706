import type { Clock } from '#lib/clock.ts'
import { LogBuffer } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import type { SourceKind } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import { summaryOf, taskKey, unknownTask, type Task, type TaskSummary } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import { taskTopic, type TaskTopic } from '#protocols/weir/topics.ts'
import type { Journal } from './journal.ts'
import type { LiveList } from './live-list.ts'

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
    let entry = this.#entries.get(key)
    if (!entry) {
      const { linesPerTask, logPerTask } = this.#limits
      entry = {
        task: unknownTask(source, kind, id, clock.now()),
        topic: taskTopic(source, id),
        log: new LogBuffer({ maxLines: linesPerTask, maxBytes: logPerTask }),
        evicted: { first: 0, at: -Infinity },
      }
      this.#entries.set(key, entry)
      this.#byTopic.set(entry.topic, entry)
      this.#options.began(entry.topic)
    }
    const { log } = entry
    const wasTerminal = isTerminal(entry.task.status)
    const task = reduceTask(entry.task, events, (at, lineKind, text) => {
      log.append(at, lineKind, text)
    })
    if (log.total !== task.log.total || log.first !== task.log.first)
      task.log = { first: log.first, total: log.total }
    entry.task = task
    // A burst is one entry: what costs per event is its JSON, not its bookkeeping.
    if (events.length > 0)
      journal.append(entry.topic, clock.now(), JSON.stringify(events).slice(1, -1), events.length)
    if (++this.#recorded % CHECK_EVERY === 0) this.#keepLogsWithin()
    list.set(key, summaryOf(entry.task))
    this.#options.grew()
    const { first, at: toldAt } = entry.evicted
    if (log.first > first && clock.now() - toldAt >= TELL_EVICTED_MS) {
      entry.evicted = { first: log.first, at: clock.now() }
      const text = `lines ${(first + 1).toLocaleString('en')} to ${log.first.toLocaleString('en')} are no longer kept: the log has outgrown its bound`
      this.record(source, kind, id, [{ k: 'gap', at: clock.now(), cause: 'evicted', text, missed: null }])
    }
    if (!wasTerminal && isTerminal(task.status)) {
      this.#options.ended?.(entry.task)
      this.#forgetOld()
    }
    return entry.task
  }

  /** What a page that begins to watch a task is given; null when there is no such task. */
  snapshot(topic: TaskTopic): TaskSnapshot | null {
    const entry = this.#byTopic.get(topic)
    if (!entry) return null
    const { task, log } = entry
    return { task, tail: log.range(Math.max(log.first, log.total - TAIL_LINES), log.total) }
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
