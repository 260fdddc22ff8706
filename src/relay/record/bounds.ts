import type { Clock } from '#lib/clock.ts'
import { formatCount } from '#lib/format.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import { TASK } from '#topics/task.ts'
import type { Topic } from './kind-table.ts'
import type { RecordLimits } from './limits.ts'
import type { RecordObserver, TopicRecord } from './record.ts'
import type { Watchers } from './watchers.ts'

/** Entries between two looks at how much all logs take. */
const CHECK_EVERY = 5_000
/** What bounds let go of is told no more often. */
const TELL_EVICTED_MS = 60_000

/** Keeps tasks and their logs within what memory has for them. */
export class Bounds implements RecordObserver {
  readonly #record: TopicRecord
  readonly #watchers: Watchers
  readonly #clock: Clock
  readonly #limits: RecordLimits
  /** Up to which line it was told that a log's front was let go, and when. */
  readonly #evicted = new WeakMap<Topic, { first: number; at: number }>()
  #entered = 0

  constructor(record: TopicRecord, watchers: Watchers) {
    this.#record = record
    this.#watchers = watchers
    this.#clock = record.clock
    this.#limits = record.limits
  }

  entered(topic: Topic, before: unknown): void {
    if (topic.kind !== TASK) return
    if (++this.#entered % CHECK_EVERY === 0) this.#keepLogsWithin()
    this.#tellEvicted(topic)
    const wasRunning = !isTerminal((before as Task).status)
    if (wasRunning && isTerminal((topic.state as Task).status)) {
      this.#keepLogsWithin()
      this.#forgetOld()
    }
  }

  #tellEvicted(topic: Topic): void {
    const { first } = topic.bulk.lines!
    if (first === 0) return
    const told = this.#evicted.get(topic) ?? { first: 0, at: -Infinity }
    if (first <= told.first || this.#clock.now() - told.at < TELL_EVICTED_MS) return
    this.#evicted.set(topic, { first, at: this.#clock.now() })
    const text = `lines ${formatCount(told.first + 1)} to ${formatCount(first)} are no longer kept: the log has outgrown its bound`
    this.#record.append(TASK, topic.key, [
      { k: 'gap', at: this.#clock.now(), cause: 'evicted', text, missed: null },
    ])
  }

  /** Whatever still runs, all logs together stay within their bound: the largest lose their oldest half. */
  #keepLogsWithin(): void {
    const topics = this.#record.all(TASK)
    let bytes = topics.reduce((sum, { bulk }) => sum + bulk.lines!.bytes, 0)
    while (bytes > this.#limits.logInAll) {
      const largest = topics.reduce((most, topic) =>
        topic.bulk.lines!.bytes > most.bulk.lines!.bytes ? topic : most,
      )
      const log = largest.bulk.lines!
      const before = log.bytes
      if (this.#record.lasts) this.#record.unloadLines(largest)
      else {
        log.dropBefore(Math.floor((log.first + log.total) / 2))
        this.#record.placed(largest)
      }
      if (log.bytes >= before) return
      bytes -= before - log.bytes
    }
  }

  #forgetOld(): void {
    const ended = this.#record.all(TASK).filter(({ state }) => isTerminal((state as Task).status))
    const beyond = ended.length - this.#limits.ended
    if (beyond <= 0) return
    ended.sort((a, b) => endOf(a) - endOf(b))
    // Where the record lasts they only leave the memory.
    for (const topic of ended.slice(0, beyond))
      if (!this.#record.lasts) this.#record.remove(topic)
      else if (!this.#watchers.wants(topic.address)) this.#record.unload(topic)
  }
}

function endOf({ state }: Topic): number {
  return (state as Task).endedAt ?? 0
}
