import { UNKNOWN } from './format.ts'
import { dateFormat, ownZone } from './locale.ts'

const DAY = 86_400_000

/** "14:05:09" in the zone of the page. */
export function formatClock(at: number | null, zone?: string): string {
  if (at === null || !Number.isFinite(at)) return UNKNOWN
  return dateFormat({ timeStyle: 'medium', ...zoned(zone) }).format(at)
}

/** "14:05", for times that are not exact. */
export function formatClockShort(at: number | null, zone?: string): string {
  if (at === null || !Number.isFinite(at)) return UNKNOWN
  return dateFormat({ timeStyle: 'short', ...zoned(zone) }).format(at)
}

/** "14:05:09" today, "Fri 20 Nov, 14:05" on other days. */
export function formatWhen(at: number | null, now: number, zone?: string): string {
  if (at === null || !Number.isFinite(at)) return UNKNOWN
  if (dayOf(at, zone) === dayOf(now, zone)) return formatClock(at, zone)
  return dateFormat({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    ...zoned(zone),
  }).format(at)
}

/** "≈ 14:05 to 14:09", "≈ 14:05" when both ends read the same, with "+1" for the next day. */
export function formatFinish(from: number, to: number, now: number, zone?: string): string {
  const start = clockWithDay(from, now, zone)
  const end = clockWithDay(to, now, zone)
  return start === end ? `≈ ${start}` : `≈ ${start} to ${end}`
}

function clockWithDay(at: number, now: number, zone: string | undefined): string {
  const days = Math.round((dayStart(at, zone) - dayStart(now, zone)) / DAY)
  return formatClockShort(at, zone) + (days > 0 ? ` +${days}` : '')
}

/** Both clocks, for a tooltip: local with its zone named, then UTC. */
export function formatBoth(at: number, zone?: string): string {
  const local = dateFormat({
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...zoned(zone),
  }).format(at)
  const name = zone ?? ownZone()
  const iso = new Date(at).toISOString()
  return `${local} ${name}\n${iso.slice(0, 10)} ${iso.slice(11, 23)} UTC`
}

function dayOf(at: number, zone: string | undefined): string {
  return dateFormat({ dateStyle: 'short', ...zoned(zone) }).format(at)
}

/** Midnight UTC of the calendar day that `at` falls on in the zone. */
function dayStart(at: number, zone: string | undefined): number {
  const parts = dateFormat({
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    ...zoned(zone),
  }).formatToParts(at)
  const part = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'))
}

function zoned(zone: string | undefined): { timeZone?: string } {
  return zone === undefined ? {} : { timeZone: zone }
}
