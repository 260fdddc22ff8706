import type { Path } from './schema.ts'

/** Where in a valid JSON text the value at a path begins; of what is missing, where its parent begins. */
export function locate(text: string, path: Path): { line: number; column: number; offset: number } {
  const offset = new Walker(text).find(path)
  const before = text.slice(0, offset)
  return {
    offset,
    line: before.split('\n').length,
    column: Array.from(before.slice(before.lastIndexOf('\n') + 1)).length + 1,
  }
}

const STRING = /"(?:[^"\\]|\\.)*"/y
const WORD = /[^\s,:[\]{}"]+/y

class Walker {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  find(path: Path): number {
    this.#space()
    const start = this.#at
    const [head, ...rest] = path
    if (head === undefined) return start
    const found = typeof head === 'number' ? this.#enterList(head) : this.#enterObject(head)
    return found ? this.find(rest) : start
  }

  #enterObject(name: string): boolean {
    if (!this.#take('{')) return false
    while (this.#text[this.#at] !== '}' && this.#at < this.#text.length) {
      const key = this.#match(STRING)
      this.#take(':')
      if (key !== null && unquote(key) === name) return true
      this.#skip()
      if (!this.#take(',')) return false
    }
    return false
  }

  #enterList(index: number): boolean {
    if (!this.#take('[')) return false
    for (let i = 0; this.#text[this.#at] !== ']' && this.#at < this.#text.length; i++) {
      if (i === index) return true
      this.#skip()
      if (!this.#take(',')) return false
    }
    return false
  }

  #skip(): void {
    let depth = 0
    do {
      this.#space()
      const char = this.#text[this.#at]
      if (char === undefined) return
      if (char === '"') this.#match(STRING)
      else if (char === '{' || char === '[') {
        depth += 1
        this.#at += 1
      } else if (char === '}' || char === ']') {
        depth -= 1
        this.#at += 1
      } else if (char === ',' || char === ':') this.#at += 1
      else this.#match(WORD)
    } while (depth > 0)
    this.#space()
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    this.#at = match ? pattern.lastIndex : this.#at + 1
    this.#space()
    return match?.[0] ?? null
  }

  #take(char: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== char) return false
    this.#at += 1
    this.#space()
    return true
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1
  }
}

function unquote(text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    return text
  }
}
