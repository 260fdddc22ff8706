import { formatFloat } from '../../python-json.ts'

const CODES = 16_384
const FULL_SCALE_V = 10
const STEP_V = (2 * FULL_SCALE_V) / CODES

/** The reading of each code: every sample is one of these, so that none is formatted anew. */
const READINGS = Float64Array.from({ length: CODES }, (_, code) =>
  Number(((code - CODES / 2) * STEP_V).toFixed(4)),
)
const TEXTS = Array.from(READINGS, formatFloat)

/** The code of a 14-bit converter from -10 to 10 V, which clips. */
function codeOf(volts: number): number {
  return Math.max(0, Math.min(CODES - 1, Math.round(volts / STEP_V) + CODES / 2))
}

/** Volts as the converter reads them. */
export const readingOf = (volts: number): number => READINGS[codeOf(volts)] ?? 0

/** The same as JSON of a stream. */
export const readingText = (volts: number): string => TEXTS[codeOf(volts)] ?? '0.0'
