import { formatCount, UNKNOWN } from '#lib/format.ts'
import type { ChannelRole } from '#model/device-events.ts'
import { timeOf } from '#model/reading.ts'
import { formatMoment } from './time-words.ts'

/** Digits that a value is read with where nothing else is known. */
const DIGITS = 5
/** Beyond them a number of 64 bits says nothing. */
const MOST_DIGITS = 17
const MINUS = '−'

/**
 * A measured value with five significant digits, small and large ones with an exponent: "23.406", "−0.00412",
 * "1.23e−7". What is no number says so.
 * @param span how far its neighbours lie apart: as many digits more as tell a hundredth of it
 */
export function formatValue(value: number | null, digits = DIGITS, span = 0): string {
  if (value === null) return UNKNOWN
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '∞'
  if (value === Number.NEGATIVE_INFINITY) return `${MINUS}∞`
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e9) return signed(String(value))
  const power = exponentOf(size)
  const needed = span > 0 && Number.isFinite(span) ? power - exponentOf(span) + 3 : 0
  const exact = Math.min(needed, MOST_DIGITS)
  if (exact > digits && exact > power && size >= 1e-4 && size < 1e15)
    return signed(value.toFixed(Math.min(100, exact - 1 - power)))
  if (size >= 1e9 || size < 1e-4)
    return signed(value.toExponential(Math.max(0, digits - 3, exact - 1)).replace('e+', 'e'))
  const whole = Math.max(1, power + 1)
  return signed(value.toFixed(Math.min(8, Math.max(0, size >= 1 ? digits - whole : digits - 1))))
}

/** How far apart the finite of some values lie; 0 when there are fewer than two. */
export function spanOf(values: Iterable<number | null>): number {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return high > low ? high - low : 0
}

/** `log10`, down, of what a number is written with: the logarithm itself is off beside powers of ten. */
function exponentOf(size: number): number {
  return Number(size.toExponential().split('e')[1])
}

/** A channel's value by what it is for: a clock as a time of day, a counter in full, all else as measured. */
export function formatByRole(
  value: number | null,
  role: ChannelRole,
  utc: boolean,
  now: number,
  short = false,
  span = 0,
): string {
  if (value === null || !Number.isFinite(value)) return formatValue(value)
  if (role === 'counter' && Number.isInteger(value)) return signed(formatCount(value))
  const at = role === 'time' ? timeOf(value) : null
  return at === null ? formatValue(value, DIGITS, span) : formatMoment(at, short ? Infinity : 0, utc, now)
}

/** "23.4 °C"; percent and degrees as people write them. */
export function withUnit(text: string, unit: string | null): string {
  if (!unit) return text
  return unit === '°' ? `${text}°` : `${text} ${unit}`
}

function signed(text: string): string {
  return text.replaceAll('-', MINUS)
}
