import { PyFloat } from './python-json.ts'
import type { PyDict, PyValue } from './python-json.ts'

/** Where and why Python's JSON reader gave up; both appear in the 422 body (LabDaemon wire contract §2). */
export class DecodeError extends Error {
  override readonly name = 'DecodeError'
  readonly position: number
  constructor(message: string, position: number) {
    super(message)
    this.position = position
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const WORDS: readonly (readonly [string, PyValue])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', new PyFloat(NaN)],
  ['Infinity', new PyFloat(Infinity)],
  ['-Infinity', new PyFloat(-Infinity)],
]
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Reads JSON as Python's `json.loads` does: it keeps `1` and `1.0` apart and accepts NaN. */
export function parsePython(text: string): PyValue {
  const reader = new Reader(text)
  const value = reader.value()
  reader.end()
  return value
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw new DecodeError('Extra data', this.#at)
  }

  value(): PyValue {
    this.#space()
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object()
      case '[':
        return this.#array()
      case '"':
        return this.#string()
      default:
        return this.#wordOrNumber()
    }
  }

  #object(): PyDict {
    const members: [string, PyValue][] = []
    this.#at++
    this.#space()
    if (this.#take('}')) return {}
    for (;;) {
      this.#space()
      if (this.#text[this.#at] !== '"')
        throw new DecodeError('Expecting property name enclosed in double quotes', this.#at)
      const key = this.#string()
      this.#space()
      if (!this.#take(':')) throw new DecodeError("Expecting ':' delimiter", this.#at)
      members.push([key, this.value()])
      this.#space()
      if (this.#take('}')) return Object.fromEntries(members)
      if (!this.#take(',')) throw new DecodeError("Expecting ',' delimiter", this.#at)
    }
  }

  #array(): PyValue[] {
    const items: PyValue[] = []
    this.#at++
    this.#space()
    if (this.#take(']')) return items
    for (;;) {
      items.push(this.value())
      this.#space()
      if (this.#take(']')) return items
      if (!this.#take(',')) throw new DecodeError("Expecting ',' delimiter", this.#at)
    }
  }

  #string(): string {
    const start = this.#at
    let text = ''
    this.#at++
    for (;;) {
      const unit = this.#text[this.#at]
      if (unit === undefined) throw new DecodeError('Unterminated string starting at', start)
      if (unit < ' ') throw new DecodeError('Invalid control character at', this.#at)
      this.#at++
      if (unit === '"') return text
      text += unit === '\\' ? this.#escape() : unit
    }
  }

  #escape(): string {
    const unit = this.#text[this.#at++] ?? ''
    if (unit === 'u') {
      const digits = this.#text.slice(this.#at, this.#at + 4)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new DecodeError('Invalid \\uXXXX escape', this.#at - 1)
      this.#at += 4
      return String.fromCharCode(parseInt(digits, 16))
    }
    const plain = ESCAPES[unit]
    if (plain === undefined) throw new DecodeError('Invalid \\escape', this.#at - 2)
    return plain
  }

  #wordOrNumber(): PyValue {
    for (const [word, value] of WORDS)
      if (this.#text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    return this.#number()
  }

  #number(): PyValue {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (!match) throw new DecodeError('Expecting value', this.#at)
    this.#at += match[0].length
    if (match[1] !== undefined || match[2] !== undefined) return new PyFloat(Number(match[0]))
    const whole = Number(match[0])
    return Number.isSafeInteger(whole) ? whole : BigInt(match[0])
  }

  #space(): void {
    while (/[ \t\n\r]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #take(unit: string): boolean {
    if (this.#text[this.#at] !== unit) return false
    this.#at++
    return true
  }
}
