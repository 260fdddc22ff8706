import type { Clock } from '#lib/clock.ts'
import type { Ending, StreamConnection } from './stream-connection.ts'

/**
 * What became of the connection before, as far as it matters for the next:
 * - `fresh`: there was none, or it is open now;
 * - `lost`: the server may hold it still, and refuse another;
 * - `stopped`: somebody asked the server to stop it, at `at` (ms since epoch); `isHeld`: as with `lost`.
 */
type Before = { is: 'fresh' } | { is: 'lost' } | { is: 'stopped'; at: number; isHeld: boolean }

/** What a stream remembers of its connections that have ended. */
export class StreamPast {
  readonly #clock: Clock
  #before: Before = { is: 'fresh' }
  /** When it was stopped by others within the last minute, ms of the monotonic clock. */
  #stops: number[] = []

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The server may hold the connection that was lost. */
  get mayBeHeld(): boolean {
    return this.#before.is === 'lost' || (this.#before.is === 'stopped' && this.#before.isHeld)
  }

  /** How often others stopped it within the last minute. */
  get stopsPerMinute(): number {
    const now = this.#clock.monotonic()
    this.#stops = this.#stops.filter((at) => now - at < 60_000)
    return this.#stops.length
  }

  /** The connection was lost. */
  lost(): void {
    this.#before = this.#before.is === 'stopped' ? { ...this.#before, isHeld: true } : { is: 'lost' }
  }

  /** Someone else asked the server to stop the stream. */
  stopped(): void {
    this.#before = { is: 'stopped', at: this.#clock.now(), isHeld: this.mayBeHeld }
    this.#stops.push(this.#clock.monotonic())
  }

  /** The server is away: that is why the stream had ended, and nobody stopped it. */
  serverAway(): void {
    if (this.#before.is === 'stopped') this.#before = { is: this.#before.isHeld ? 'lost' : 'fresh' }
  }

  /** It is open again. @returns when someone else had stopped it, ms since epoch; null when nobody had */
  opened(): number | null {
    const stoppedAt = this.#before.is === 'stopped' ? this.#before.at : null
    this.#before = { is: 'fresh' }
    return stoppedAt
  }
}

/** Why a connection is over, in words. @param leaving what Weir did about it */
export function whyEnded(leaving: StreamConnection['leaving'], ending: Ending): string {
  if (leaving === 'silenced') return 'its device was stopped by someone else'
  if (ending.how === 'lost') return 'the connection was lost'
  return ending.how === 'ended' && ending.cut
    ? 'the stream was cut inside a message'
    : 'the server ended the stream, as it does when someone else stops it'
}
