import type { Clock } from '#lib/clock.ts'
import { RetryWait } from '../../retry-wait.ts'

/** When the lists are read next: the poller waits here, and whoever wants them sooner says so here. */
export class PollTimer {
  readonly #pause: RetryWait
  #isWanted = false
  #devicesWanted = false

  constructor(clock: Clock) {
    this.#pause = new RetryWait(clock)
  }

  /** The lists are to be read as soon as the request under way is over. */
  now(): void {
    this.#isWanted = true
    this.#pause.end()
  }

  /** The same for the list of devices, which is not read every time. */
  devicesNow(): void {
    this.#devicesWanted = true
    this.now()
  }

  /** The next read takes the list of devices along, whenever that is. */
  devicesNext(): void {
    this.#devicesWanted = true
  }

  /** A read begins: what is wanted from now on is wanted of the next one. */
  begin(): void {
    this.#isWanted = false
  }

  get areDevicesWanted(): boolean {
    return this.#devicesWanted
  }

  /** The list of devices is read now. */
  devicesBegin(): void {
    this.#devicesWanted = false
  }

  /** Waits until the next read is due: `ms`, or less when one is wanted sooner. */
  async wait(ms: number): Promise<void> {
    if (!this.#isWanted) await this.#pause.wait(ms)
  }
}
