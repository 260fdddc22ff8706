import { inspect } from 'node:util'
import { realClock, type Clock } from '#lib/clock.ts'
import type { Log, LogLevel } from '../log.ts'

/** Lines about one thing in a row, and how often another may follow, ms: what flaps must not fill a disk. */
const BURST = 20
const EVERY_MS = 30_000
/** Characters of one line. */
const LONGEST = 1_000
/** Lines of a fault's stack. */
const STACK = 12

interface Allowance {
  left: number
  /** When the newest of `left` was given, monotonic ms. */
  at: number
  /** Lines that were left out since the last one. */
  omitted: number
}

/** The log of the process: each line with its time in UTC and its level. */
export class ProcessLog implements Log {
  readonly #out: (text: string) => void
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>
  readonly #allowances = new Map<string, Allowance>()

  /** @param out writes a text that ends with a line feed */
  constructor(out: (text: string) => void, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#out = out
    this.#clock = clock
  }

  write(level: LogLevel, about: string, text: string): void {
    this.#enter(level, about, printable(text))
  }

  /** Something failed where nobody expected it: with its place in the code, for whoever is to mend it. */
  fault(error: unknown): void {
    const [words = '', ...stack] = inspect(error, { customInspect: false, depth: 1 }).split('\n')
    const places = stack.slice(0, STACK).map((line) => `\n    ${printable(line.trim())}`)
    this.#enter('error', 'weir', printable(words) + places.join(''))
  }

  #enter(level: LogLevel, about: string, text: string): void {
    const allowance = this.#allowanceOf(about)
    if (allowance.left === 0) {
      allowance.omitted += 1
      return
    }
    const time = new Date(this.#clock.now()).toISOString()
    const omitted = allowance.omitted > 0 ? ` (left out before this: ${allowance.omitted})` : ''
    this.#out(`${time} ${level.padEnd(5)} ${printable(about)}: ${text}${omitted}\n`)
    allowance.left -= 1
    allowance.omitted = 0
  }

  #allowanceOf(about: string): Allowance {
    const now = this.#clock.monotonic()
    let allowance = this.#allowances.get(about)
    if (!allowance) {
      allowance = { left: BURST, at: now, omitted: 0 }
      this.#allowances.set(about, allowance)
    }
    const given = Math.floor((now - allowance.at) / EVERY_MS)
    allowance.left = Math.min(BURST, allowance.left + given)
    allowance.at += given * EVERY_MS
    return allowance
  }
}

/** The log of this process, on its standard error. */
export function processLog(): ProcessLog {
  return new ProcessLog((text) => process.stderr.write(text), realClock)
}

/** As one line that a terminal only shows: what would steer it, or end the line, is written as its number. */
function printable(text: string): string {
  const line = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
  return line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped)
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`
}
