/*
 * An index over the text of a JSON document: a few numbers per value and no copy of it. A 5 MB result becomes
 * a browsable tree in slices of a few milliseconds, and every number is shown as it was sent (JavaScript
 * would round 64-bit integers and refuse NaN).
 */

export const JSON_OBJECT = 0
export const JSON_ARRAY = 1
export const JSON_STRING = 2
const JSON_NUMBER = 3
/** true, false, null, and the bare words NaN, Infinity and -Infinity that Python sends. */
export const JSON_WORD = 4

/** The values of a document in order of appearance, in columns; 0 is the root. */
export interface JsonIndex {
  readonly text: string
  readonly count: number
  readonly kind: Uint8Array
  /** The value's own characters. */
  readonly start: Int32Array
  readonly end: Int32Array
  /** The key's characters with its quotes; -1 where there is none. */
  readonly keyStart: Int32Array
  readonly keyEnd: Int32Array
  /** Direct children of an object or array. */
  readonly size: Int32Array
  /** Index after the last value inside this one. */
  readonly next: Int32Array
  readonly parent: Int32Array
}

export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError'
  /** Offset in the text. */
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58

const ATOM = /-?(?:Infinity|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|true|false|null|NaN/y
const STEPS_BETWEEN_LOOKS = 2_000

/** Builds a JsonIndex in as many runs as its caller grants. */
export class JsonIndexer {
  readonly #text: string
  #at = 0
  #count = 0
  #container = -1
  #state: 'value' | 'first' | 'key' | 'after' | 'done' = 'value'
  #key: [number, number] = [-1, -1]
  #kind = new Uint8Array(1_024)
  #start = new Int32Array(1_024)
  #end = new Int32Array(1_024)
  #keyStart = new Int32Array(1_024)
  #keyEnd = new Int32Array(1_024)
  #size = new Int32Array(1_024)
  #next = new Int32Array(1_024)
  #parent = new Int32Array(1_024)

  constructor(text: string) {
    this.#text = text
  }

  /** Share of the text read so far, 0 to 1. */
  get fraction(): number {
    return this.#text.length === 0 ? 1 : this.#at / this.#text.length
  }

  /**
   * Reads on until the document ends (true) or `pause` says so (false).
   * @throws JsonSyntaxError
   */
  run(pause: () => boolean = () => false): boolean {
    for (;;) {
      for (let steps = 0; steps < STEPS_BETWEEN_LOOKS; steps++) {
        this.#space()
        if (this.#state === 'done') {
          if (this.#at < this.#text.length) this.#fail('something follows the end of the document')
          return true
        }
        this.#step()
      }
      if (pause()) return false
    }
  }

  index(): JsonIndex {
    const count = this.#count
    return {
      text: this.#text,
      count,
      kind: this.#kind.slice(0, count),
      start: this.#start.slice(0, count),
      end: this.#end.slice(0, count),
      keyStart: this.#keyStart.slice(0, count),
      keyEnd: this.#keyEnd.slice(0, count),
      size: this.#size.slice(0, count),
      next: this.#next.slice(0, count),
      parent: this.#parent.slice(0, count),
    }
  }

  #step(): void {
    const code = this.#text.charCodeAt(this.#at)
    switch (this.#state) {
      case 'value':
        this.#value(code)
        return
      case 'first':
        if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) this.#close(code)
        else this.#state = this.#kind[this.#container] === JSON_OBJECT ? 'key' : 'value'
        return
      case 'key': {
        if (code !== QUOTE) this.#fail('a key in quotes is expected')
        const from = this.#at
        this.#string()
        this.#key = [from, this.#at]
        this.#space()
        if (this.#text.charCodeAt(this.#at) !== COLON) this.#fail('a colon is expected')
        this.#at += 1
        this.#state = 'value'
        return
      }
      case 'after':
        if (code === COMMA) {
          this.#at += 1
          this.#state = this.#kind[this.#container] === JSON_OBJECT ? 'key' : 'value'
        } else this.#close(code)
        return
      case 'done':
    }
  }

  #value(code: number): void {
    const from = this.#at
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      this.#container = this.#add(code === OPEN_OBJECT ? JSON_OBJECT : JSON_ARRAY, from)
      this.#at += 1
      this.#state = 'first'
      return
    }
    let kind = JSON_STRING
    if (code === QUOTE) this.#string()
    else {
      ATOM.lastIndex = from
      if (!ATOM.test(this.#text)) this.#fail('a value is expected')
      this.#at = ATOM.lastIndex
      const digit = this.#text.charCodeAt(this.#at - 1)
      kind = digit >= 48 && digit <= 57 ? JSON_NUMBER : JSON_WORD
    }
    const node = this.#add(kind, from)
    this.#end[node] = this.#at
    this.#next[node] = this.#count
    this.#state = this.#container < 0 ? 'done' : 'after'
  }

  #close(code: number): void {
    const node = this.#container
    if (code !== (this.#kind[node] === JSON_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY))
      this.#fail(`a comma or ${this.#kind[node] === JSON_OBJECT ? '}' : ']'} is expected`)
    this.#at += 1
    this.#end[node] = this.#at
    this.#next[node] = this.#count
    this.#container = this.#parent[node] ?? -1
    this.#state = this.#container < 0 ? 'done' : 'after'
  }

  #string(): void {
    let at = this.#at
    for (;;) {
      at = this.#text.indexOf('"', at + 1)
      if (at < 0) this.#fail('the text ends inside a string')
      let slashes = 0
      while (this.#text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1
      if (slashes % 2 === 0) break
    }
    this.#at = at + 1
  }

  #space(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.#at += 1
    }
  }

  #add(kind: number, start: number): number {
    if (this.#count === this.#kind.length) this.#grow()
    const node = this.#count++
    this.#kind[node] = kind
    this.#start[node] = start
    this.#keyStart[node] = this.#key[0]
    this.#keyEnd[node] = this.#key[1]
    this.#parent[node] = this.#container
    if (this.#container >= 0) this.#size[this.#container]! += 1
    this.#key = [-1, -1]
    return node
  }

  #grow(): void {
    const length = this.#kind.length * 2
    const bytes = new Uint8Array(length)
    bytes.set(this.#kind)
    this.#kind = bytes
    const wider = (before: Int32Array<ArrayBuffer>) => {
      const after = new Int32Array(length)
      after.set(before)
      return after
    }
    this.#start = wider(this.#start)
    this.#end = wider(this.#end)
    this.#keyStart = wider(this.#keyStart)
    this.#keyEnd = wider(this.#keyEnd)
    this.#size = wider(this.#size)
    this.#next = wider(this.#next)
    this.#parent = wider(this.#parent)
  }

  #fail(message: string): never {
    throw new JsonSyntaxError(message, this.#at)
  }
}

/** True for an object or array. */
export function isContainer(index: JsonIndex, node: number): boolean {
  return index.kind[node] === JSON_OBJECT || index.kind[node] === JSON_ARRAY
}

/** The value's own text as sent. */
export function rawValue(index: JsonIndex, node: number): string {
  return index.text.slice(index.start[node], index.end[node])
}

/** What a string value says; broken escapes are shown as they are. */
export function stringValue(index: JsonIndex, node: number): string {
  return unquote(rawValue(index, node))
}

/** The key of a value inside an object; null inside an array and for the root. */
export function keyOf(index: JsonIndex, node: number): string | null {
  const start = index.keyStart[node] ?? -1
  return start < 0 ? null : unquote(index.text.slice(start, index.keyEnd[node]))
}

function unquote(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return quoted.slice(1, -1)
  }
}
