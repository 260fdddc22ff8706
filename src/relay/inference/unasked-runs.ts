import type { Clock } from '#lib/clock.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskBody } from '#protocols/inference/schemas.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import type { SourceClock } from '../source-clock.ts'
import { typeOf } from './follows.ts'
import { TaskEvents } from './to-events.ts'

/** Runs that no address names, so that they cannot be followed: shown as far as lists tell of them. */
export class UnaskedRuns {
  readonly #clock: Clock
  readonly #sourceClock: SourceClock
  readonly #record: (id: string, events: readonly TaskEvent[]) => void
  readonly #runs = new Map<string, { reader: TaskReader; events: TaskEvents }>()

  constructor(
    clock: Clock,
    sourceClock: SourceClock,
    record: (id: string, events: readonly TaskEvent[]) => void,
  ) {
    this.#clock = clock
    this.#sourceClock = sourceClock
    this.#record = record
  }

  /** @param why no address names it, in words */
  listed(row: TaskBody, why: string): void {
    const now = this.#clock.now()
    let run = this.#runs.get(row.id)
    if (!run) {
      run = { reader: new TaskReader(row.id), events: new TaskEvents(this.#sourceClock) }
      this.#runs.set(row.id, run)
      const reason = `it cannot be followed, since the service cannot be asked for its id: ${why}`
      this.#record(row.id, [
        { k: 'started', at: now, origin: 'poll', type: typeOf(row), status: null },
        { k: 'stream', at: now, state: { name: 'none', reason, since: now, retryAt: null } },
      ])
    }
    const events = run.events.from(run.reader.read(row, this.#sourceClock.sourceNow()), now)
    if (events.length > 0) this.#record(row.id, events)
  }
}
