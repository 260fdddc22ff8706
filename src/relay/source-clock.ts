import type { Clock } from '#lib/clock.ts'
import type { Fetch } from '#lib/fetch.ts'
import type { SourceContext } from './source-adapter.ts'

/** Within this a source's clock is taken as it is: people see no difference, and nothing wanders. */
const NEAR_MS = 5_000
/** Within one connection, only a clock that somebody has set is measured anew. */
const SET_MS = 60_000
/** An answer that took longer tells too little of when it was given. */
const PROMPT_MS = 10_000
/** What a source calls past may be so far ahead before it is no time at all. */
const BELIEVED_MS = 7 * 86_400_000
const DAY_MS = 86_400_000
/** Lines of one stream before their times are believed to be those of their sending. */
const LINES = 3

/** Whose time was read, the surer later: a header may be a gateway's, lines may come late. */
const RANKS = { header: 1, lines: 2, past: 3, body: 4 } as const
type Told = keyof typeof RANKS

type ClockContext = Pick<SourceContext, 'clock' | 'report'>

/** Who is told how far a source's clock is from Weir's. */
export interface ClockListener {
  /** @param aheadMs the source's clock minus Weir's */
  clockMeasured(aheadMs: number): void
}

/**
 * Where a source's times become Weir's. How far its clock is from Weir's is measured once per connection, and what
 * is more than five seconds is taken off; so that times neither wander nor lie in the future, and that no duration
 * comes from two clocks.
 */
export class SourceClock {
  readonly #context: ClockContext
  readonly #listeners = new Set<ClockListener>()
  /** The source's clock minus Weir's, ms, and how that is known; null before the first measure. */
  #measured: { aheadMs: number; rank: number } | null = null
  /** The newest measure of each kind that was another one than the one before. */
  readonly #told = new Map<Told, number>()
  /** Kinds that were measured on this connection. */
  readonly #settled = new Set<Told>()
  /** What is taken off. */
  #offMs = 0

  /** @param context Weir's own clock, and where a measure of the source's is reported */
  constructor(context: ClockContext) {
    this.#context = context
  }

  /** From now on `listener` is told when it was measured anew. */
  listen(listener: ClockListener): void {
    this.#listeners.add(listener)
  }

  /** Now by the source's clock, as far as it is known. */
  sourceNow(): number {
    return this.#context.clock.now() + this.#offMs
  }

  /**
   * A moment that the source told, as one of Weir's: never later than now. Null for none, and for one that no
   * clock explains. It is evidence, too: what a source calls past its clock has reached.
   */
  toLocal(told: number | null): number | null {
    if (told === null) return null
    const now = this.#context.clock.now()
    const ahead = told - now
    // Unless the source said what time it is: then it is this moment that is wrong.
    const isProof = ahead - this.#offMs > NEAR_MS && ahead <= BELIEVED_MS
    if (isProof && (this.#measured?.rank ?? 0) < RANKS.body) this.#take(ahead, 'past')
    const local = told - this.#offMs
    return local > now + DAY_MS ? null : Math.min(local, now)
  }

  /** The same for a moment that may be yet to come, or is shown as it was told. */
  toLocalAhead(told: number): number {
    return told - this.#offMs
  }

  /**
   * The source told its time in an answer.
   * @param told ms since epoch
   * @param coarse how much later it may have been: a second for times in whole seconds
   * @param sentAt when it was asked, by Weir's clock; the answer has come now
   */
  measure(how: 'header' | 'body', told: number, coarse: number, sentAt: number): void {
    const now = this.#context.clock.now()
    if (now - sentAt <= PROMPT_MS) this.#take(told + coarse / 2 - (sentAt + now) / 2, how)
  }

  /**
   * For the lines of one stream, which tell when they were made: the first may tell of long ago, those that follow
   * come as they are made.
   * @returns to be given each line's time
   */
  stream(): (told: number | null) => void {
    let last = -Infinity
    let newer = -1
    let ahead = -Infinity
    return (told) => {
      if (told === null || told <= last) return
      last = told
      newer += 1
      if (newer === 0) return
      ahead = Math.max(ahead, told - this.#context.clock.now())
      // Lines that come some seconds late say nothing about a clock.
      if (newer >= LINES && Math.abs(ahead - (this.#measured?.aheadMs ?? 0)) > SET_MS)
        this.#take(ahead, 'lines')
    }
  }

  /** The connection was lost: what answers next is measured anew. */
  lost(): void {
    this.#settled.clear()
  }

  #take(aheadMs: number, how: Told): void {
    const before = this.#told.get(how)
    const near = how === 'past' || !this.#settled.has(how) ? NEAR_MS : SET_MS
    this.#settled.add(how)
    if (before !== undefined && Math.abs(aheadMs - before) <= near) return
    this.#told.set(how, aheadMs)
    const known = this.#measured
    const rank = RANKS[how]
    if (known) {
      // Beside a surer one, a first measure only tells what to compare the next with.
      if (rank < known.rank && before === undefined) return
      if (Math.abs(aheadMs - known.aheadMs) <= NEAR_MS) {
        known.rank = Math.max(known.rank, rank)
        return
      }
    }
    this.#measured = { aheadMs, rank }
    this.#offMs = Math.abs(aheadMs) > NEAR_MS ? aheadMs : 0
    this.#context.report({ clockAheadMs: Math.round(aheadMs) })
    for (const listener of this.#listeners) listener.clockMeasured(aheadMs)
  }
}

/** Reads the source's time off the `Date` of every answer of its own. @param own Weir's clock */
export function timed(fetch: Fetch, base: string, clock: SourceClock, own: Pick<Clock, 'now'>): Fetch {
  const { origin } = new URL(base)
  return async (url, init) => {
    const sentAt = own.now()
    const response = await fetch(url, init)
    const date = Date.parse(response.headers.get('date') ?? '')
    // An answer out of a cache tells when it was put there.
    if (!Number.isNaN(date) && !response.headers.has('age') && new URL(url).origin === origin)
      clock.measure('header', date, 1_000, sentAt)
    return response
  }
}
