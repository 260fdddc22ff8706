/**
 * How fast a task advances, in numbers that cost the same however long it runs. `unit` is a step, or one
 * percent where the source sends no steps. Times are ms since epoch.
 */
export interface Pace {
  unit: 'step' | 'percent'
  /** Distinct advances seen. */
  advances: number
  firstAt: number
  firstValue: number
  /** Start of the previous and of the current window; the rate is taken from the previous one on. */
  olderAt: number
  olderValue: number
  newerAt: number
  newerValue: number
  lastAt: number
  lastValue: number
  /** The longest usual time between advances, ms: a maximum that fades. */
  usualMs: number
}

const WINDOW_MS = 10_000
const FADE = 0.98

/**
 * Takes one advance into account; a value that does not grow starts the pace anew (a new pass).
 * @param isOwn the pace given is nobody else's, and may be changed in place: what comes often costs no object
 */
export function advancePace(
  pace: Pace | null,
  unit: Pace['unit'],
  value: number,
  at: number,
  isOwn = false,
): Pace {
  if (!pace || pace.unit !== unit || value < pace.lastValue) {
    return {
      unit,
      advances: 1,
      firstAt: at,
      firstValue: value,
      olderAt: at,
      olderValue: value,
      newerAt: at,
      newerValue: value,
      lastAt: at,
      lastValue: value,
      usualMs: 0,
    }
  }
  if (value === pace.lastValue) return pace
  const next = isOwn ? pace : { ...pace }
  next.advances += 1
  if (at - next.newerAt >= WINDOW_MS) {
    next.olderAt = next.newerAt
    next.olderValue = next.newerValue
    next.newerAt = at
    next.newerValue = value
  }
  next.usualMs = Math.max(at - next.lastAt, next.usualMs * FADE)
  next.lastAt = at
  next.lastValue = value
  return next
}

/** A rate needs this much time under it, ms: two reports in a burst tell none. */
const LEAST_MS = 1_000
/** A rate stands for so many times the time it was taken from, and for this long at least, ms. */
const STANDS = { times: 1.5, leastMs: 5_000 }

/**
 * Units per second over the last 10 to 20 s before the last advance; null while advances do not tell, and once that
 * was too long ago to be the rate of now.
 */
export function rateOf(pace: Pace | null, now: number): number | null {
  if (!pace) return null
  const span = pace.lastAt - pace.olderAt
  if (span < LEAST_MS || now - pace.lastAt > Math.max(STANDS.leastMs, STANDS.times * span)) return null
  return ((pace.lastValue - pace.olderValue) * 1000) / span
}

export interface FinishEstimate {
  /** Earliest and latest believable end, ms since epoch. */
  from: number
  to: number
}

const MIN_ADVANCES = 5
const MIN_ELAPSED_MS = 5_000
const MIN_FRACTION = 0.01

/**
 * When the task will end, as a range; null until it is credible: five advances, 5 s and 1 % of the way, and
 * the recent pace within a factor of three of the pace so far. Never in the past.
 * @param goal the value of the last unit: total steps, or 100 for percent
 */
export function estimateFinish(pace: Pace | null, goal: number | null, now: number): FinishEstimate | null {
  if (!pace || goal === null || !(goal > pace.lastValue)) return null
  const elapsed = pace.lastAt - pace.firstAt
  const done = pace.lastValue - pace.firstValue
  if (pace.advances < MIN_ADVANCES || elapsed < MIN_ELAPSED_MS || done < goal * MIN_FRACTION) return null
  const recent = rateOf(pace, now)
  const overall = (done * 1000) / elapsed
  if (recent === null || recent <= 0) return null
  const fast = Math.max(recent, overall)
  const slow = Math.min(recent, overall)
  if (fast > slow * 3) return null
  const left = goal - pace.lastValue
  // A steady pace still has some play: 3 % either way, more the less of the way was seen.
  const play = 0.03 + 0.1 * (1 - Math.min(1, done / goal))
  const from = pace.lastAt + (left / fast) * 1000 * (1 - play)
  const to = pace.lastAt + (left / slow) * 1000 * (1 + play)
  if (to <= now) return null
  return { from: Math.max(now, from), to }
}

/** How long nothing has advanced beyond what is usual for this task, ms; null while all is as usual. */
export function silentFor(pace: Pace | null, now: number): number | null {
  if (!pace || pace.advances < 4) return null
  const silence = now - pace.lastAt
  return silence > Math.max(5_000, pace.usualMs * 3) ? silence : null
}
