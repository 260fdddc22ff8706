import type { TaskBody } from '#protocols/inference/schemas.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import type { Cloud } from './cloud.ts'
import { typeOf } from './follows.ts'
import { TaskEvents } from './to-events.ts'

/** Runs that no address names, so that they cannot be followed: shown as far as lists tell of them. */
export class UnaskedRuns {
  readonly #cloud: Cloud
  readonly #runs = new Map<string, { reader: TaskReader; events: TaskEvents }>()

  constructor(cloud: Cloud) {
    this.#cloud = cloud
  }

  /** @param why no address names it, in words */
  listed(row: TaskBody, why: string): void {
    const { context, records, sourceClock } = this.#cloud
    const now = context.clock.now()
    let run = this.#runs.get(row.id)
    if (!run) {
      run = { reader: new TaskReader(row.id), events: new TaskEvents(sourceClock) }
      this.#runs.set(row.id, run)
      const reason = `it cannot be followed, since the service cannot be asked for its id: ${why}`
      records.add(row.id, [
        { k: 'started', at: now, origin: 'poll', type: typeOf(row), status: null },
        { k: 'stream', at: now, state: { name: 'none', reason, since: now, retryAt: null } },
      ])
    }
    const events = run.events.from(run.reader.read(row, sourceClock.sourceNow()), now)
    if (events.length > 0) records.add(row.id, events)
  }
}
