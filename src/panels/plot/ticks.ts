/** A round step of an axis: `factor` times ten to the `power`. Kept in two parts, since decimals are not exact. */
interface Step {
  factor: 1 | 2 | 5
  power: number
}

/** Where an axis has lines, in order, and what stands at each. */
export interface Ticks {
  values: number[]
  /** Exactly the values: none is rounded, no two are equal. */
  labels: string[]
}

/** More than that no axis has, however long. */
const MOST = 30
/** Labels no longer than that are written out; longer ones where an exponent saves nothing. */
const SHORT = 8
/** Whole parts that are written out at most. */
const MOST_WHOLE = 15
/** Below every power of ten that a number has. */
const FINEST = -400
const MINUS = '−'
const NONE: Ticks = { values: [], labels: [] }

/**
 * Round values between two bounds, a line about every `apart` of so many px. Between any two different numbers
 * there is a first and a last at least; where floating point has no room for round ones, the bounds themselves.
 * @param least no step below this power of ten (0: whole numbers only)
 */
export function ticks(min: number, max: number, pixels: number, apart = 28, least = FINEST): Ticks {
  if (!(min < max) || !Number.isFinite(min) || !Number.isFinite(max)) return NONE
  const room = Math.min(MOST, Math.max(2, Math.floor(pixels / apart) || 0))
  let step = stepFor(min, max, room)
  if (step && step.power < least) step = { factor: 1, power: least }
  let whole = step && multiples(min, max, step)
  // One label alone says nothing of the scale.
  for (let finer = step; finer && whole && whole.length < 2 && finer.power > least;) {
    finer = below(finer)
    const more = multiples(min, max, finer)
    if (!more) break
    step = finer
    whole = more
  }
  // Only whole numbers may have none.
  if (!step || !whole || (whole.length === 0 && least === FINEST)) return bounds(min, max)
  const { power } = step
  return {
    values: whole.map((digits) => valueOf(digits, power)),
    labels: alike(whole.map((digits) => ({ digits, power }))),
  }
}

/** Decades between two bounds above 0, and what lies between them where there is room or less than two. */
export function logTicks(min: number, max: number, pixels: number, apart = 28): Ticks {
  if (!(min > 0) || !(min < max) || !Number.isFinite(max)) return NONE
  const decades = Math.log10(max) - Math.log10(min)
  const each = (Math.max(1, pixels) || 1) / decades
  const room = Math.min(MOST, Math.max(2, Math.floor(pixels / apart) || 0))
  const [first, last] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))]
  const factors = each * Math.log10(2) >= apart && decades * 3 < MOST ? [1, 2, 5] : [1]
  const every = Math.max(1, Math.ceil(apart / each), Math.ceil((last - first + 1) / room))
  const found: { digits: number; power: number; value: number }[] = []
  // From 1 on, so that the same decades are labelled wherever the axis begins.
  for (let power = Math.ceil(first / every) * every; power <= last; power += every)
    for (const digits of factors) {
      const value = valueOf(digits, power)
      if (value >= min && value <= max && value > (found.at(-1)?.value ?? 0))
        found.push({ digits, power, value })
    }
  if (found.length < 2) return ticks(min, max, pixels, apart)
  return { values: found.map(({ value }) => value), labels: found.map((each) => written(each, SHORT)) }
}

/**
 * The part of a range that lies below a value, 0 to 1 within it. For any finite numbers: neither large nor
 * small ones overflow.
 */
export function fractionOf(value: number, min: number, max: number): number {
  const span = max - min
  const over = value - min
  return Number.isFinite(span) && Number.isFinite(over)
    ? over / span
    : (value / 4 - min / 4) / (max / 4 - min / 4)
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `least` (above 0). */
export function niceStep(least: number): number {
  const { factor, power } = roundStep(least)
  return Math.min(Number.MAX_VALUE, valueOf(factor, power))
}

function roundStep(least: number): Step {
  const [mantissa, exponent] = least.toExponential().split('e')
  const power = Number(exponent)
  const size = Number(mantissa)
  return size > 5 ? { factor: 1, power: power + 1 } : { factor: size > 2 ? 5 : size > 1 ? 2 : 1, power }
}

function below({ factor, power }: Step): Step {
  return factor === 5
    ? { factor: 2, power }
    : factor === 2
      ? { factor: 1, power }
      : { factor: 5, power: power - 1 }
}

/** Null where floating point has no room for round numbers between the bounds. */
function stepFor(min: number, max: number, room: number): Step | null {
  // Halves: the distance of the largest numbers is beyond the largest.
  const least = (max / 2 - min / 2) / (room / 2)
  return least > 0 && Number.isFinite(least) ? roundStep(least) : null
}

/** The multiples of a step from `min` to `max`, each by its digits; null where they are not exact. */
function multiples(min: number, max: number, { factor, power }: Step): number[] | null {
  const step = valueOf(factor, power)
  const farthest = Math.max(Math.abs(min), Math.abs(max))
  // Four numbers apart at least, so that a multiple is not another's neighbour.
  if (!(step >= farthest * 2 ** -50) || step < 2e-323) return null
  const found: number[] = []
  const begin = Math.floor(min / step) - 1
  for (let k = begin; k <= begin + MOST * 3; k++) {
    const value = valueOf(k * factor, power)
    if (value > max) break
    if (value >= min) found.push(k * factor + 0)
  }
  return found
}

/** The number that a decimal means. */
function valueOf(digits: number, power: number): number {
  return digits === 0 ? 0 : Number(`${digits}e${power}`)
}

function bounds(min: number, max: number): Ticks {
  const values = [min + 0, max + 0]
  return { values, labels: values.map(shortest) }
}

/** The fewest digits that mean this number and no other. */
function shortest(value: number): string {
  return signed(String(value).replace('e+', 'e'))
}

interface Decimal {
  /** A whole number. */
  digits: number
  power: number
}

/** All with or all without an exponent, and with as many decimals. */
function alike(decimals: readonly Decimal[]): string[] {
  const plain = decimals.map(inFull)
  const length = Math.max(...plain.map((text) => text.length))
  if (length <= SHORT) return plain
  const short = decimals.map(withExponent)
  const saved = Math.max(...short.map((text) => text.length))
  const whole = Math.max(...decimals.map(({ digits, power }) => String(Math.abs(digits)).length + power))
  return saved <= SHORT || saved < length - 6 || whole > MOST_WHOLE ? short : plain
}

function written(decimal: Decimal, most: number): string {
  const text = inFull(decimal)
  return text.length <= most - 2 ? text : withExponent(decimal)
}

function inFull({ digits, power }: Decimal): string {
  const text = String(Math.abs(digits))
  const sign = digits < 0 ? MINUS : ''
  if (power >= 0) return sign + (digits === 0 ? '0' : text + '0'.repeat(power))
  const padded = text.padStart(1 - power, '0')
  return `${sign}${padded.slice(0, power)}.${padded.slice(power)}`
}

function withExponent({ digits, power }: Decimal): string {
  if (digits === 0) return '0'
  const text = String(Math.abs(digits))
  const exponent = power + text.length - 1
  const rest = text.slice(1).replace(/0+$/, '')
  return signed(`${digits < 0 ? '-' : ''}${text[0]!}${rest && `.${rest}`}e${exponent}`)
}

function signed(text: string): string {
  return text.replaceAll('-', MINUS)
}
