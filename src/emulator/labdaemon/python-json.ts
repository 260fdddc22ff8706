/**
 * JSON as Python writes and reads it. Integers and floats differ (`1` and `1.0`), NaN and infinities are bare
 * words, streams are ASCII only with spaces after separators, REST is compact UTF-8 and refuses NaN
 * (LabDaemon wire contract §4, §5.15).
 */

/** A Python float, where a whole number must be written with its `.0`. */
export class PyFloat {
  readonly value: number
  constructor(value: number) {
    this.value = value
  }
}

/** A list of floats without an object per number: blocks of samples. */
export class PyFloats {
  readonly values: readonly number[]
  constructor(values: readonly number[]) {
    this.values = values
  }
}

/** What no JSON encoder knows: a NumPy scalar or array, bytes. */
export class PyOpaque {
  readonly typeName: string
  constructor(typeName: string) {
    this.typeName = typeName
  }
}

/** What is written only when it is sent, as the JSON of a stream: blocks that the queue drops cost nothing. */
export class PyJson {
  readonly write: () => string
  constructor(write: () => string) {
    this.write = write
  }
}

export interface PyDict {
  readonly [key: string]: PyValue
}

export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PyFloat
  | PyFloats
  | PyOpaque
  | PyJson
  | readonly PyValue[]
  | PyDict

export const float = (value: number) => new PyFloat(value)

/** A float rounded as Python's `round(value, digits)` would. */
export const rounded = (value: number, digits: number) => new PyFloat(Number(value.toFixed(digits)))

export function isList(value: PyValue): value is readonly PyValue[] {
  return Array.isArray(value)
}

export function isDict(value: PyValue): value is PyDict {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof PyFloat) &&
    !(value instanceof PyFloats) &&
    !(value instanceof PyOpaque) &&
    !(value instanceof PyJson)
  )
}

/** What Python's `if value` asks. */
export function isTruthy(value: PyValue | undefined): boolean {
  if (value === undefined || value === null) return false
  if (value instanceof PyFloat) return value.value !== 0
  if (value instanceof PyFloats) return value.values.length > 0
  if (isList(value)) return value.length > 0
  if (isDict(value)) return Object.keys(value).length > 0
  return Boolean(value)
}

/** About what Python's `str()` gives. */
export function toText(value: PyValue): string {
  return typeof value === 'string' ? value : dumpStream(value)
}

/** The name of the value's Python type. */
export function typeName(value: PyValue): string {
  if (value === null) return 'NoneType'
  if (value instanceof PyFloat) return 'float'
  if (value instanceof PyFloats || isList(value)) return 'list'
  if (value instanceof PyOpaque) return value.typeName
  if (value instanceof PyJson) return 'object'
  switch (typeof value) {
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    case 'string':
      return 'str'
    default:
      return 'dict'
  }
}

/** A value that cannot be encoded; `message` is what Python's encoder says. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
  /** Class of the exception in Python. */
  readonly type: 'TypeError' | 'ValueError' | 'UnicodeEncodeError'
  constructor(type: 'TypeError' | 'ValueError' | 'UnicodeEncodeError', message: string) {
    super(message)
    this.type = type
  }
}

/** A float as Python's `repr` writes it. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16))
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

interface Style {
  readonly comma: string
  readonly colon: string
  readonly text: (text: string) => string
  readonly allowNaN: boolean
}

const STREAM: Style = { comma: ', ', colon: ': ', text: asciiText, allowNaN: true }
const REST: Style = { comma: ',', colon: ':', text: utf8Text, allowNaN: false }

/** JSON for the data line of a stream (§4). */
export const dumpStream = (value: PyValue) => dump(value, STREAM)

/** JSON for a REST body (§2); throws on NaN, infinities, lone surrogates and unknown objects. */
export const dumpRest = (value: PyValue) => dump(value, REST)

function dump(value: PyValue, style: Style): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean':
      return value ? 'true' : 'false'
    case 'string':
      return style.text(value)
    case 'bigint':
      return value.toString()
    case 'number':
      return Number.isInteger(value) ? BigInt(value).toString() : dumpFloat(value, style)
    default:
  }
  if (value instanceof PyFloat) return dumpFloat(value.value, style)
  if (value instanceof PyFloats)
    return `[${value.values.map((each) => dumpFloat(each, style)).join(style.comma)}]`
  if (value instanceof PyJson) return value.write()
  if (value instanceof PyOpaque)
    throw new EncodeError('TypeError', `Object of type ${value.typeName} is not JSON serializable`)
  if (isList(value)) return `[${value.map((each) => dump(each, style)).join(style.comma)}]`
  const members = Object.entries(value).map(
    ([key, each]) => style.text(key) + style.colon + dump(each, style),
  )
  return `{${members.join(style.comma)}}`
}

function dumpFloat(value: number, style: Style): string {
  if (!style.allowNaN && !Number.isFinite(value))
    throw new EncodeError('ValueError', 'Out of range float values are not JSON compliant')
  return formatFloat(value)
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
}

function asciiText(text: string): string {
  const escaped = text.replace(
    /["\\]|[^ -~]/g,
    (unit) => SHORT_ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

function utf8Text(text: string): string {
  if (LONE_SURROGATE.test(text))
    throw new EncodeError('UnicodeEncodeError', "'utf-8' codec can't encode: surrogates not allowed")
  return JSON.stringify(text)
}
