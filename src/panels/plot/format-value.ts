import { formatCount, UNKNOWN } from '#lib/format.ts'
import type { ChannelRole } from '#model/device-events.ts'
import { timeOf } from '#model/reading.ts'
import { formatMoment } from './time-words.ts'

/** Digits that a value is read with. */
const DIGITS = 5
const MINUS = '−'

/**
 * A measured value with five significant digits, small and large ones with an exponent: "23.406", "−0.00412",
 * "1.23e−7". What is no number says so.
 */
export function formatValue(value: number | null, digits = DIGITS): string {
  if (value === null) return UNKNOWN
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '∞'
  if (value === Number.NEGATIVE_INFINITY) return `${MINUS}∞`
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e9) return signed(String(value))
  if (size >= 1e9 || size < 1e-4)
    return signed(value.toExponential(Math.max(0, digits - 3)).replace('e+', 'e'))
  const whole = Math.max(1, Math.floor(Math.log10(size)) + 1)
  return signed(value.toFixed(Math.min(8, Math.max(0, size >= 1 ? digits - whole : digits - 1))))
}

/** A channel's value by what it is for: a clock as a time of day, a counter in full, all else as measured. */
export function formatByRole(
  value: number | null,
  role: ChannelRole,
  utc: boolean,
  now: number,
  short = false,
): string {
  if (value === null || !Number.isFinite(value)) return formatValue(value)
  if (role === 'counter' && Number.isInteger(value)) return signed(formatCount(value))
  const at = role === 'time' ? timeOf(value) : null
  return at === null ? formatValue(value) : formatMoment(at, short ? Infinity : 0, utc, now)
}

/** Ticks of an axis: as many decimals as their distance needs. */
export function formatTick(value: number, step: number): string {
  const size = Math.max(Math.abs(value), step)
  if (value !== 0 && (size >= 1e6 || size < 1e-4))
    return signed(String(Number(value.toPrecision(4)).toExponential()).replace('e+', 'e'))
  const decimals = Math.min(8, Math.max(0, -Math.floor(Math.log10(step) + 1e-9)))
  return signed(value.toFixed(decimals))
}

/** "23.4 °C"; percent and degrees as people write them. */
export function withUnit(text: string, unit: string | null): string {
  if (!unit) return text
  return unit === '°' ? `${text}°` : `${text} ${unit}`
}

function signed(text: string): string {
  return text.replaceAll('-', MINUS)
}
