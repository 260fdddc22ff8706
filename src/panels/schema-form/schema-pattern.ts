import { RE2JS } from 're2js'
import { PatternError, safePatternOf, type SafePattern } from '#lib/safe-pattern.ts'

/** Patterns read before; a schema has few, and a value is checked at each letter that is typed. */
const known = new Map<string, SafePattern | PatternError>()
const MOST_KNOWN = 200

/** A schema's pattern, to be matched without going back; or why it cannot be. */
export function schemaPattern(source: string): SafePattern | PatternError {
  let found = known.get(source)
  if (found) return found
  try {
    found = safePatternOf(RE2JS, source)
  } catch (error) {
    found = error instanceof PatternError ? error : new PatternError(String(error))
  }
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(source, found)
  return found
}

/** "Must match …, which is not checked here: …" of a pattern that only the service can check; null of others. */
export function uncheckedPattern(source: string): string | null {
  const found = schemaPattern(source)
  return found instanceof PatternError
    ? `Must match ${source.slice(0, 200)}, which is not checked here: ${found.message}.`
    : null
}
