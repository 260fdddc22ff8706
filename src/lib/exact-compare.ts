import { ExactNumber } from './exact-json.ts'

/** A decimal as 0.DIGITS × 10^magnitude, without zeros at either end of its digits. */
interface Decimal {
  negative: boolean
  digits: string
  magnitude: number
}

const PARTS = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/
/** Digits that are worked with; a number of more is none that anybody means. */
const MOST_DIGITS = 2_000

function decimalOf(number: number | ExactNumber): Decimal | null {
  const match = PARTS.exec(String(number))
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const all = whole + fraction
  const digits = all.replace(/^0+/, '').replace(/0+$/, '')
  const zeros = /^0*/.exec(all)![0].length
  if (digits === '') return { negative: false, digits, magnitude: 0 }
  return { negative: sign === '-', digits, magnitude: Number(exponent) + whole.length - zeros }
}

/** Negative, 0 or positive as `a` is less than, equal to or more than `b`, exactly; NaN where one is no number. */
export function compareNumbers(a: number | ExactNumber, b: number | ExactNumber): number {
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -1 : a > b ? 1 : Number.NaN
  const [x, y] = [decimalOf(a), decimalOf(b)]
  if (!x || !y) return Number(a) - Number(b)
  const [left, right] = [signOf(x), signOf(y)]
  if (left !== right) return left - right
  if (left === 0) return 0
  const size =
    x.magnitude !== y.magnitude
      ? x.magnitude - y.magnitude
      : x.digits === y.digits
        ? 0
        : x.digits < y.digits
          ? -1
          : 1
  return left * Math.sign(size)
}

function signOf({ negative, digits }: Decimal): number {
  return digits === '' ? 0 : negative ? -1 : 1
}

/** True for 1, 1.0 and 1e400, not for 9007199254740993.5. */
export function isWhole(number: number | ExactNumber): boolean {
  const decimal = decimalOf(number)
  return decimal !== null && decimal.digits.length <= decimal.magnitude + (decimal.digits === '' ? 1 : 0)
}

/** Whether a number is a whole number of steps; true where there are too many digits to tell. */
export function isMultiple(number: number | ExactNumber, step: number | ExactNumber): boolean {
  const [x, y] = [decimalOf(number), decimalOf(step)]
  if (!x || !y || y.digits === '') return true
  // Both as whole numbers of the smaller one's last place.
  const places = [x, y].map(({ digits, magnitude }) => digits.length - magnitude)
  const shared = Math.max(...places)
  const [a, b] = [x, y].map(({ digits }, i) => ({ digits, zeros: shared - places[i]! }))
  if (a!.digits.length + a!.zeros > MOST_DIGITS || b!.digits.length + b!.zeros > MOST_DIGITS) return true
  return (
    BigInt(`${a!.digits || '0'}${'0'.repeat(a!.zeros)}`) % BigInt(`${b!.digits}${'0'.repeat(b!.zeros)}`) ===
    0n
  )
}

/** True when two numbers are written alike. */
export function sameNumber(a: unknown, b: unknown): boolean {
  return a instanceof ExactNumber && b instanceof ExactNumber ? a.literal === b.literal : Object.is(a, b)
}
