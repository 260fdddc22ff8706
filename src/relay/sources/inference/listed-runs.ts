import type { Unread } from '#protocols/inference/client.ts'
import type { TaskBody } from '#protocols/inference/schemas.ts'
import { whyUnaddressable } from '#protocols/inference/values.ts'
import type { Cloud } from './cloud.ts'
import type { Follows } from './follows.ts'
import type { RunListReader } from './run-lists.ts'
import { UnaskedRuns } from './unasked-runs.ts'

/** Enters what the service's lists name: each run is followed, or shown as far as the lists tell of it. */
export class ListedRuns implements RunListReader {
  readonly #cloud: Cloud
  readonly #follows: Follows
  readonly #unasked: UnaskedRuns

  constructor(cloud: Cloud, follows: Follows) {
    this.#cloud = cloud
    this.#follows = follows
    this.#unasked = new UnaskedRuns(cloud)
  }

  answered(latencyMs: number): void {
    if (this.#cloud.condition.answered(latencyMs)) this.#follows.retryFailed()
  }

  listed(rows: readonly TaskBody[], unread: readonly Unread[]): void {
    const faults = this.#cloud.faults.list('task', unread)
    for (const row of rows)
      faults.of(row.id, () => {
        this.found(row)
      })
    faults.tell()
  }

  failed(error: unknown): void {
    this.#cloud.sourceClock.lost()
    this.#cloud.condition.failed(error)
  }

  /** Enters one run: a row of a list, or one that was asked for alone. */
  found(row: TaskBody): void {
    const why = whyUnaddressable(row.id)
    if (why === null) this.#follows.listed(row)
    else this.#unasked.listed(row, why)
  }
}
