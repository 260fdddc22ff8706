import { groupedNumber } from './locale.ts'

/** Shown for what is not known. */
export const UNKNOWN = '–'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** The two largest units: "1d 1h", "1h 4m", "12m 4s", "25s"; tenths under ten seconds. Never negative. */
export function formatDuration(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN
  const span = Math.max(0, ms)
  // Cut, not rounded: nothing reads "60s" or "1m 60s".
  const tenths = Math.floor(span / 100)
  if (tenths < 100) return `${(tenths / 10).toFixed(1)}s`
  const seconds = Math.floor(span / SECOND)
  if (seconds < 60) return `${seconds}s`
  const whole = seconds * SECOND
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m ${Math.floor((whole % MINUTE) / SECOND)}s`
  if (whole < DAY) return `${Math.floor(whole / HOUR)}h ${Math.floor((whole % HOUR) / MINUTE)}m`
  return `${Math.floor(whole / DAY)}d ${Math.floor((whole % DAY) / HOUR)}h`
}

/** One unit, for prose: "about 2 min", "40 s". Never negative. */
export function formatRoughly(ms: number | null): string {
  if (ms === null || !Number.isFinite(ms)) return UNKNOWN
  const span = Math.max(0, ms)
  if (span < 100 * SECOND) return `${Math.max(1, Math.round(span / SECOND))} s`
  if (span < 100 * MINUTE) return `${Math.round(span / MINUTE)} min`
  if (span < 2 * DAY) return `${Math.round(span / HOUR)} h`
  return `${Math.round(span / DAY)} d`
}

/** "1,000". */
export function formatCount(value: number | null): string {
  return value === null || !Number.isFinite(value) ? UNKNOWN : groupedNumber(value)
}

/** Three significant digits with an SI prefix: "18.2k", "3.4M", "412". */
export function formatSi(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return UNKNOWN
  const size = Math.abs(value)
  for (const [factor, prefix] of SI) if (size >= factor * 0.9995) return trim(value / factor) + prefix
  return size === 0 ? '0' : trim(value)
}

const SI = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const

function trim(value: number): string {
  return String(Number(value.toPrecision(3)))
}

/** Per second, or per minute or hour where that reads better: "0.57 steps/s", "3/min". */
export function formatRate(perSecond: number | null, unit: string): string {
  if (perSecond === null || !Number.isFinite(perSecond) || perSecond < 0) return UNKNOWN
  const per = unit === '' ? '' : ` ${unit}`
  if (perSecond === 0 || perSecond >= 0.1) return `${coarse(perSecond)}${per}/s`
  if (perSecond * 60 >= 0.1) return `${coarse(perSecond * 60)}${per}/min`
  return `${coarse(perSecond * 3600)}${per}/h`
}

/** A rate is never known to three digits while it is small. */
function coarse(value: number): string {
  return value < 10 ? String(Number(value.toPrecision(2))) : formatSi(value)
}

/** "61 MB": decimal units, as disks and networks count. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null || !Number.isFinite(bytes) || bytes < 0) return UNKNOWN
  if (bytes < 1_000) return `${Math.round(bytes)} B`
  for (const [factor, unit] of BYTES)
    if (bytes >= factor * 0.9995) {
      const value = bytes / factor
      return `${value >= 99.95 ? Math.round(value) : Number(value.toPrecision(2 + (value >= 10 ? 1 : 0)))} ${unit}`
    }
  return `${Math.round(bytes)} B`
}

const BYTES = [
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const

/** Whole percent, cut and not rounded: 100 % only when all is done. */
export function formatPercent(percent: number | null): string {
  if (percent === null || !Number.isFinite(percent)) return UNKNOWN
  return `${Math.floor(Math.min(100, Math.max(0, percent)))} %`
}

/** Time of day at `at` (ms since epoch), as sources and logs say it: `10:00:00`, in UTC, which the words around it name. */
export function formatUtcTime(at: number): string {
  return new Date(at).toISOString().slice(11, 19)
}
