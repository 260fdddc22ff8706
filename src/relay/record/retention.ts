import { report } from '#lib/isolate.ts'
import type { TopicRecord } from './record.ts'
import type { RetentionLimits } from './store.ts'

/** Between two looks at what is kept for too long, or is too much. */
const LOOK_MS = 10 * 60_000

/** Lets go, now and then, of what is kept beyond the bounds that a person has set. */
export class Retention {
  readonly #record: TopicRecord
  readonly #limits: RetentionLimits
  #timer: unknown

  constructor(record: TopicRecord, limits: RetentionLimits) {
    this.#record = record
    this.#limits = limits
  }

  start(): void {
    if (this.#record.lasts) this.#timer = this.#record.clock.setTimeout(this.#look, LOOK_MS)
  }

  stop(): void {
    this.#record.clock.clearTimeout(this.#timer)
  }

  readonly #look = (): void => {
    this.#record.keeper
      .store!.retain(this.#limits)
      .then((evicted) => {
        for (const each of evicted) this.#record.evicted(each)
      })
      .catch(report)
      .finally(() => {
        this.start()
      })
  }
}
