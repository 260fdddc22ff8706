import { formatClock } from '#lib/format-time.ts'
import { ownZone } from '#lib/locale.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

interface Parts {
  day: string
  hours: number
  minutes: number
  seconds: number
  ms: number
}

function partsOf(at: number, utc: boolean): Parts {
  const date = new Date(at)
  return utc
    ? {
        day: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`,
        hours: date.getUTCHours(),
        minutes: date.getUTCMinutes(),
        seconds: date.getUTCSeconds(),
        ms: date.getUTCMilliseconds(),
      }
    : {
        day: `${date.getDate()} ${MONTHS[date.getMonth()]}`,
        hours: date.getHours(),
        minutes: date.getMinutes(),
        seconds: date.getSeconds(),
        ms: date.getMilliseconds(),
      }
}

const two = (value: number) => String(value).padStart(2, '0')
const three = (value: number) => String(value).padStart(3, '0')

/** A label of the time axis, as exact as the distance of two ticks (ms) asks for; days at midnight. */
export function formatTimeTick(at: number, step: number, utc: boolean): string {
  const { day, hours, minutes, seconds, ms } = partsOf(at, utc)
  if (hours === 0 && minutes === 0 && seconds === 0 && ms === 0) return day
  if (step >= 60_000) return `${two(hours)}:${two(minutes)}`
  if (step >= 1_000) return `${two(hours)}:${two(minutes)}:${two(seconds)}`
  return `${two(minutes)}:${two(seconds)}.${three(ms)}`
}

/** A moment under the cursor: "14:05:09.120", with the day unless it is today. */
export function formatMoment(at: number, span: number, utc: boolean, now: number): string {
  const { day, hours, minutes, seconds, ms } = partsOf(at, utc)
  const clock = `${two(hours)}:${two(minutes)}:${two(seconds)}`
  const exact = span <= 600_000 ? `${clock}.${three(ms)}` : clock
  return partsOf(now, utc).day === day ? exact : `${day} ${exact}`
}

/** "14:04:09 to 14:05:09", each with its day where it is not today's. */
export function formatRange(from: number, to: number, utc: boolean, now: number): string {
  const span = to - from
  const end = span < 1_000 ? 0 : Number.POSITIVE_INFINITY
  return `${formatMoment(from, end, utc, now)} to ${formatMoment(to, end, utc, now)}`
}

/** The zone that times are in, as people name it. */
export function zoneName(utc: boolean): string {
  return utc ? 'UTC' : ownZone()
}

/** "12 s", "3 min" since a moment; for values that may no longer be so. */
export function formatAge(ms: number): string {
  if (ms < 1_000) return 'now'
  if (ms < 60_000) return `${Math.floor(ms / 1_000)} s`
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  if (ms < 2 * 86_400_000) return `${Math.floor(ms / 3_600_000)} h`
  return `${Math.floor(ms / 86_400_000)} d`
}

/** "14:05:09" by the chosen clock. */
export function formatTime(at: number, utc: boolean): string {
  return formatClock(at, utc ? 'UTC' : undefined)
}
