import { PyFloat, isList, typeName } from './python-json.ts'
import type { PyValue } from './python-json.ts'

/** A line of a traceback. */
export interface Frame {
  readonly file: string
  readonly line: number
  readonly name: string
}

const LABDAEMON_ERRORS = new Set([
  'DeviceError',
  'DeviceConnectionError',
  'DeviceNotConnectedError',
  'DeviceTimeoutError',
  'DeviceConfigurationError',
  'DeviceOperationError',
  'TaskError',
  'TaskCancelledError',
  'TaskFailedError',
])

const CALLER_ERRORS = new Set(['ValueError', 'TypeError', 'RuntimeError', 'NotImplementedError'])

/** An exception of the emulated Python: a class name, `str(e)`, and the line of the plug-in that raised it. */
export class PyError extends Error {
  override readonly name = 'PyError'
  readonly type: string
  readonly raisedIn: Frame | undefined

  constructor(type: string, message: string, raisedIn?: Omit<Frame, 'file'>) {
    super(message)
    this.type = type
    this.raisedIn = raisedIn && { file: 'lab.py', ...raisedIn }
  }

  /** A call answers 400 to these, 500 to all others (LabDaemon wire contract §3, `call`). */
  get isCallerError(): boolean {
    return CALLER_ERRORS.has(this.type)
  }

  /** The stored traceback, as recorded without source lines. */
  traceback(frames: readonly Frame[]): string {
    const all = this.raisedIn ? [...frames, this.raisedIn] : frames
    const lines = all.map(({ file, line, name }) => `  File "${file}", line ${line}, in ${name}\n`)
    const type = LABDAEMON_ERRORS.has(this.type) ? `labdaemon.exceptions.${this.type}` : this.type
    return `Traceback (most recent call last):\n${lines.join('')}${type}: ${this.message}\n`
  }
}

/** Any thrown thing as an exception of the emulated Python. */
export function toPyError(thrown: unknown): PyError {
  if (thrown instanceof PyError) return thrown
  return new PyError('RuntimeError', thrown instanceof Error ? thrown.message : String(thrown))
}

/** `repr()` of a string. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  return quote + text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll(quote, `\\${quote}`) + quote
}

/** `float(value)`. */
export function toFloat(value: PyValue): number {
  if (value instanceof PyFloat) return value.value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return Number(value)
  if (typeof value !== 'string')
    throw new PyError(
      'TypeError',
      `float() argument must be a string or a real number, not '${typeName(value)}'`,
    )
  const parsed = value.trim() === '' ? NaN : Number(value)
  if (Number.isNaN(parsed))
    throw new PyError('ValueError', `could not convert string to float: ${quoted(value)}`)
  return parsed
}

/** `int(value)`. */
export function toInt(value: PyValue): number {
  if (typeof value === 'string') {
    if (!/^\s*[+-]?\d+\s*$/.test(value))
      throw new PyError('ValueError', `invalid literal for int() with base 10: ${quoted(value)}`)
    return Number(value)
  }
  if (value === null || typeof value === 'object') {
    if (value instanceof PyFloat) return Math.trunc(value.value)
    throw new PyError(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    )
  }
  return Math.trunc(Number(value))
}

/** True for what cannot be a key of a Python dict. */
export function isUnhashable(value: PyValue): boolean {
  return typeof value === 'object' && value !== null && (isList(value) || !(value instanceof PyFloat))
}
