import type { Method } from '../../device.ts'
import { PyError, toFloat, toInt } from '../../python-error.ts'
import { formatFloat, toText } from '../../python-json.ts'
import type { PyValue } from '../../python-json.ts'
import type { Parameter, ParameterType } from '../../signature.ts'

/** A parameter and what the docstring says of it. */
interface Documented extends Parameter {
  readonly about: string
}

interface Doc {
  readonly summary: string
  readonly parameters?: readonly Documented[]
  /** Type and meaning, as `float: the power in mW`. */
  readonly returns?: string
}

const PYTHON_TYPES: Partial<Record<ParameterType, string>> = {
  integer: 'int',
  number: 'float',
  string: 'str',
  boolean: 'bool',
  array: 'list',
  object: 'dict',
}

/** A method with a docstring in the style of NumPy, made of what is known of its parameters. */
export function documented(
  name: string,
  { summary, parameters = [], returns }: Doc,
  invoke: Method['invoke'],
): Method {
  const sections = [summary]
  if (parameters.length > 0)
    sections.push(
      section(
        'Parameters',
        parameters.map(({ name, type, about }) => `${name} : ${PYTHON_TYPES[type] ?? type}\n    ${about}`),
      ),
    )
  if (returns !== undefined) {
    const colon = returns.indexOf(': ')
    sections.push(section('Returns', [`${returns.slice(0, colon)}\n    ${returns.slice(colon + 2)}`]))
  }
  return { name, parameters, doc: sections.join('\n\n'), invoke }
}

function section(title: string, items: readonly string[]): string {
  return [title, '-'.repeat(title.length), ...items].join('\n')
}

/** `float(value)`, raising ValueError outside the limits; `what` begins the message. */
export function within(
  value: PyValue | undefined,
  what: string,
  low: number,
  high: number,
  unit = '',
): number {
  const number = toFloat(value ?? null)
  if (!(number >= low && number <= high)) throw outside(what, formatFloat(number), low, high, unit)
  return number
}

/** `int(value)`, raising ValueError outside the limits. */
export function wholeWithin(
  value: PyValue | undefined,
  what: string,
  low: number,
  high: number,
  unit = '',
): number {
  const number = toInt(value ?? null)
  if (!(number >= low && number <= high)) throw outside(what, String(number), low, high, unit)
  return number
}

function outside(what: string, given: string, low: number, high: number, unit: string): PyError {
  const after = unit === '' ? '' : ` ${unit}`
  return new PyError('ValueError', `${what} ${given}${after} is outside ${low} to ${high}${after}`)
}

/** One of the words a parameter takes, or ValueError. */
export function oneOf<T extends string>(value: PyValue | undefined, what: string, words: readonly T[]): T {
  const found = words.find((word) => word === value)
  if (found === undefined)
    throw new PyError('ValueError', `${what} must be ${listOf(words)}, not '${toText(value ?? null)}'`)
  return found
}

const listOf = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`
