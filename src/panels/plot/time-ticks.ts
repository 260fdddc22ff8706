import { formatTimeTick } from './time-words.ts'
import type { Ticks } from './ticks.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
/** Distances of ticks below a day, ms: each divides the next unit. */
const STEPS: readonly number[] = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
]
/** The same in days. */
const DAYS: readonly number[] = [1, 2, 4, 7, 14, 28, 91, 365, 3_650, 36_500, 365_000, 3_650_000]
const MOST = 40
/** A `Date` reaches so far from 1970, ms. */
const FARTHEST = 8.64e15

/** Times of an axis (ms since epoch) and their labels, a line every `apart` px or more. */
export function timeTicks(from: number, to: number, pixels: number, utc: boolean, apart = 84): Ticks {
  if (!(from < to) || from < -FARTHEST || to > FARTHEST) return { values: [], labels: [] }
  const room = Math.min(MOST, Math.max(1, Math.floor(pixels / apart) || 0))
  const least = (to - from) / room
  const step = STEPS.find((ms) => ms >= least)
  const values =
    step === undefined
      ? daysIn(from, to, DAYS.find((days) => days * DAY >= least) ?? DAYS.at(-1)!, utc)
      : step < HOUR
        ? evenIn(from, to, step, utc)
        : hoursIn(from, to, step / HOUR, utc)
  return { values, labels: values.map((at) => formatTimeTick(at, step ?? DAY, utc)) }
}

/** Of one wall clock: summer time moves it by whole steps. */
function evenIn(from: number, to: number, step: number, utc: boolean): number[] {
  const shift = utc ? 0 : new Date(from).getTimezoneOffset() * -60_000
  const first = Math.ceil((from + shift) / step) * step - shift
  const count = Math.floor((to - first) / step) + 1
  const times = Array.from({ length: Math.max(0, Math.min(MOST * 2, count)) }, (_, i) => first + i * step)
  // Sums round: the last one may lie beyond.
  return within(times, from, to)
}

/** Full hours of each day: a day that has 23 or 25 begins anew. */
function hoursIn(from: number, to: number, step: number, utc: boolean): number[] {
  const times: number[] = []
  for (const day of daysFrom(from, to, 1, utc))
    for (let hour = 0; hour < 24; hour += step) times.push(day(hour))
  return within(times, from, to)
}

function daysIn(from: number, to: number, step: number, utc: boolean): number[] {
  return within(
    daysFrom(from, to, step, utc).map((day) => day(0)),
    from,
    to,
  )
}

/** Days that reach into a range, each as what makes a time of an hour of it. */
function daysFrom(from: number, to: number, step: number, utc: boolean): ((hour: number) => number)[] {
  const start = new Date(from)
  const at = (days: number, hour: number) =>
    utc
      ? Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + days, hour)
      : new Date(start.getFullYear(), start.getMonth(), start.getDate() + days, hour).getTime()
  const count = Math.min(MOST * 2, Math.floor((to - from) / DAY / step) + 2)
  return Array.from({ length: count }, (_, i) => (hour: number) => at(i * step, hour))
}

/** In order and each once: an hour that summer time leaves out is the next one. */
function within(times: readonly number[], from: number, to: number): number[] {
  let last = -Infinity
  return times.filter((at) => {
    if (!(at > last) || at < from || at > to) return false
    last = at
    return true
  })
}
