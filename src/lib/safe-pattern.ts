import type { RE2JS } from 're2js'
import { LazyModule } from './lazy-module.ts'
import { patternWeight } from './pattern-weight.ts'

const engine = new LazyModule(async () => (await import('re2js')).RE2JS)

/** Longer patterns are refused: nobody typed them, and reading one takes time already. */
const MOST_CHARS = 500
/** So are those that come to more instructions than this. */
const MOST_WEIGHT = 1_000
/** Instructions times characters that one look may cost at worst: about 20 ms of a slow processor. */
const BUDGET = 200_000

/** Why a pattern is not used, in words for who wrote it. */
export class PatternError extends Error {
  override name = 'PatternError'
}

export interface PatternOptions {
  ignoreCase?: boolean
}

/**
 * A regular expression that cannot hold the page, whatever it and the text are: it is matched without going back,
 * in time proportional to the text, and neither it nor the text may be larger than what takes some 20 ms.
 */
export interface SafePattern {
  /** How many characters of a text one look takes in at most; what comes after them is not seen. */
  readonly reach: number
  test(text: string): boolean
  /** Where the first match at offset `from` or after it begins and ends; null when there is none. */
  find(text: string, from: number): readonly [number, number] | null
}

/**
 * Reads a regular expression as JavaScript writes them (flag `u`); lookahead and references back to a group
 * cannot be matched without going back, and are refused. Where a text is longer than `reach`, who asks decides
 * what that means.
 * @throws PatternError, or ChunkError where the engine cannot be loaded now (as a rejection)
 */
export async function safePattern(source: string, options: PatternOptions = {}): Promise<SafePattern> {
  const weight = weightOf(source, options.ignoreCase ?? false)
  return compiled(await engine.load(), source, weight, options)
}

/**
 * The same where the engine is there already.
 * @throws PatternError
 */
export function safePatternOf(
  engine: typeof RE2JS,
  source: string,
  options: PatternOptions = {},
): SafePattern {
  return compiled(engine, source, weightOf(source, options.ignoreCase ?? false), options)
}

/** Refuses what the engine need not be loaded for. */
function weightOf(source: string, ignoreCase: boolean): number {
  if (source.length > MOST_CHARS)
    throw new PatternError(`this pattern is too long; ${MOST_CHARS} characters are the most`)
  const weight = patternWeight(source, ignoreCase)
  if (weight > MOST_WEIGHT) throw new PatternError('this pattern takes too long; simplify it')
  const lacking = unsupported(source)
  if (lacking !== null) throw new PatternError(lacking)
  return weight
}

function compiled(
  re2: typeof RE2JS,
  source: string,
  weight: number,
  { ignoreCase = false }: PatternOptions,
): SafePattern {
  let engine: RE2JS
  try {
    engine = re2.compile(translated(re2, source), re2.LOOKBEHINDS | (ignoreCase ? re2.CASE_INSENSITIVE : 0))
  } catch (error) {
    throw new PatternError(whyNot(source, error))
  }
  return new LinearPattern(engine, Math.floor(BUDGET / Math.max(weight, engine.programSize())))
}

class LinearPattern implements SafePattern {
  readonly reach: number
  readonly #engine: RE2JS

  constructor(engine: RE2JS, reach: number) {
    this.#engine = engine
    this.reach = reach
  }

  test(text: string): boolean {
    return this.#engine.test(this.#seen(text))
  }

  find(text: string, from: number): readonly [number, number] | null {
    const matcher = this.#engine.matcher(this.#seen(text))
    return from <= text.length && matcher.find(from) ? [matcher.start(), matcher.end()] : null
  }

  #seen(text: string): string {
    return text.length > this.reach ? text.slice(0, this.reach) : text
  }
}

/** What a pattern asks for that cannot be matched without going back. */
function unsupported(source: string): string | null {
  const parts = source.match(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\?[=!]|[^]/g) ?? []
  if (parts.some((part) => part.startsWith('(?'))) return 'lookahead, (?=…) or (?!…), is not supported'
  if (parts.some((part) => /^\\[1-9k]/.test(part)))
    return 'a reference to a group, such as \\1, is not supported'
  return null
}

/** The same in RE2's notation. */
function translated(engine: typeof RE2JS, source: string): string {
  const familiar = source.replace(
    /\\(?:([pP])\{(?:Script|sc|Script_Extensions|scx|General_Category|gc)=(\w+)\}|u(d[89ab]..)\\u(d[c-f]..)|[^])/giu,
    (token: string, property?: string, value?: string, high?: string, low?: string) => {
      if (value !== undefined) return `\\${property}{${value}}`
      if (high === undefined) return token
      const code = String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low!, 16)).codePointAt(0)!
      return `\\u{${code.toString(16)}}`
    },
  )
  return engine.translateRegExp(familiar)
}

function whyNot(source: string, error: unknown): string {
  try {
    // Only to tell a mistake from what the engine does not have; it is never run.
    new RegExp(source, 'u')
  } catch (mistake) {
    return mistake instanceof Error ? mistake.message : String(mistake)
  }
  return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error)
}
