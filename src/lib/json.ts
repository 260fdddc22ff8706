import { parseExact } from './exact-json.ts'
import { DEEPEST_JSON, whereDeeper } from './json-depth.ts'

/** Where and why a text is not JSON. Line and column count from 1, the column in characters. */
export interface JsonError {
  message: string
  offset: number
  line: number
  column: number
}

export type JsonResult = { ok: true; value: unknown } | { ok: false; error: JsonError }

/**
 * Parses JSON; on failure says where, in the same words in every browser. Numbers stay as they were written; what
 * nests too deep for the relay is refused here.
 */
export function parseJson(text: string): JsonResult {
  const deeper = whereDeeper(text)
  if (deeper >= 0)
    return { ok: false, error: locate(text, deeper, `nested deeper than ${DEEPEST_JSON} levels`) }
  try {
    return { ok: true, value: parseExact(text) }
  } catch {
    const fault = new Scanner(text).firstFault()
    return { ok: false, error: locate(text, fault.offset, fault.message) }
  }
}

function locate(text: string, offset: number, message: string): JsonError {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return {
    message,
    offset,
    line: before.split('\n').length,
    column: Array.from(before.slice(start)).length + 1,
  }
}

class Fault extends Error {
  readonly offset: number

  constructor(offset: number, message: string) {
    super(message)
    this.offset = offset
  }
}

const LITERALS = ['true', 'false', 'null'] as const
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[A-Za-z_$][\w$]*/y

/** Walks a text that is known not to be JSON up to the first character that cannot stand there. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  firstFault(): { offset: number; message: string } {
    try {
      this.#value('a value')
      this.#space()
      if (this.#at < this.#text.length) this.#fail('nothing may follow the value')
    } catch (fault) {
      if (fault instanceof Fault) return fault
      throw fault
    }
    return { offset: 0, message: 'not JSON' }
  }

  #value(what: string): void {
    this.#space()
    const char = this.#text[this.#at]
    if (char === '{') this.#object()
    else if (char === '[') this.#array()
    else if (char === '"') this.#string()
    else if (char !== undefined && /[-\d]/.test(char)) this.#number()
    else this.#literal(what)
  }

  #object(): void {
    this.#at += 1
    this.#space()
    if (this.#take('}')) return
    for (;;) {
      this.#space()
      if (this.#text[this.#at] !== '"')
        this.#fail(this.#text[this.#at] === '}' ? 'no comma before }' : 'a name in double quotes is expected')
      this.#string()
      this.#space()
      if (!this.#take(':')) this.#fail('a colon is expected after the name')
      this.#value('a value')
      this.#space()
      if (this.#take('}')) return
      if (!this.#take(',')) this.#fail('a comma or } is expected')
    }
  }

  #array(): void {
    this.#at += 1
    this.#space()
    if (this.#take(']')) return
    for (;;) {
      this.#space()
      if (this.#text[this.#at] === ']') this.#fail('no comma before ]')
      this.#value('a value')
      this.#space()
      if (this.#take(']')) return
      if (!this.#take(',')) this.#fail('a comma or ] is expected')
    }
  }

  #string(): void {
    const start = this.#at
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text[this.#at]!
      if (char === '"') {
        this.#at += 1
        return
      }
      if (char === '\n') this.#fail('the string is not closed on its line')
      if (char < ' ') this.#fail('a control character must be written as an escape')
      if (char === '\\') {
        const escape = /\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/y
        escape.lastIndex = this.#at
        if (!escape.test(this.#text)) this.#fail('this escape is not known in JSON')
        this.#at = escape.lastIndex - 1
      }
    }
    this.#at = start
    this.#fail('the string is not closed')
  }

  #number(): void {
    NUMBER.lastIndex = this.#at
    if (!NUMBER.test(this.#text)) this.#fail('a digit is expected after the minus')
    this.#at = NUMBER.lastIndex
    if (/[\d.]/.test(this.#text[this.#at] ?? '')) this.#fail('this number is not written as JSON wants it')
  }

  #literal(what: string): void {
    WORD.lastIndex = this.#at
    const word = WORD.exec(this.#text)?.[0]
    if (word && (LITERALS as readonly string[]).includes(word)) this.#at += word.length
    else if (word === 'NaN' || word === 'Infinity') this.#fail(`${word} is not JSON`)
    else if (word === 'True' || word === 'False' || word === 'None')
      this.#fail(`write ${word === 'None' ? 'null' : word.toLowerCase()}, JSON is not Python`)
    else if (word) this.#fail('text belongs in double quotes')
    else if (this.#text[this.#at] === "'") this.#fail('JSON uses double quotes')
    else this.#fail(`${what} is expected`)
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1
  }

  #take(char: string): boolean {
    if (this.#text[this.#at] !== char) return false
    this.#at += 1
    return true
  }

  #fail(message: string): never {
    const ended = this.#at >= this.#text.length
    throw new Fault(this.#at, ended ? `the text ends too early: ${message}` : message)
  }
}
