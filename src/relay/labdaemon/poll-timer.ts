import type { Clock } from '#lib/clock.ts'

/** When the lists are read next: the poller waits here, and whoever wants them sooner says so here. */
export class PollTimer {
  readonly #clock: Clock
  #isWanted = false
  #devicesWanted = false
  #wake: (() => void) | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The lists are to be read as soon as the request under way is over. */
  now(): void {
    this.#isWanted = true
    this.#wake?.()
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
    if (this.#isWanted) return
    await new Promise<void>((resolve) => {
      const timer = this.#clock.setTimeout(resolve, ms)
      this.#wake = () => {
        this.#clock.clearTimeout(timer)
        resolve()
      }
    })
    this.#wake = null
  }
}
