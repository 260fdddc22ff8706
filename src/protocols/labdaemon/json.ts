import { parseExact } from '#lib/exact-json.ts'
import { withinDepth } from '#lib/json-depth.ts'
import { NAN_MARK } from '#model/reading.ts'

const BARE_WORD = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/g

/**
 * Parses what Python's `json` writes: JSON plus the bare words NaN, Infinity and -Infinity (LabDaemon wire
 * contract §4, §5.15). Throws SyntaxError for anything else. What nests too deep has a note in its place.
 */
export function parsePythonJson(text: string): unknown {
  return parse(withinDepth(text), JSON.parse, (patched) =>
    JSON.parse(patched, (_key, value: unknown) => (value === NAN_MARK ? Number.NaN : value)),
  )
}

/** The same with numbers as they were written; a NaN is NAN_MARK. */
export function parsePythonExact(text: string): unknown {
  return parse(withinDepth(text), parseExact, parseExact)
}

/** The same for streams, whose messages are within bounds already, and where it has to be fast: a NaN is NAN_MARK. */
export function parseStreamJson(text: string): unknown {
  return parse(text, JSON.parse, JSON.parse)
}

type Parse = (text: string) => unknown

function parse(text: string, parseStrict: Parse, parsePatched: Parse): unknown {
  try {
    return parseStrict(text)
  } catch (error) {
    if (!text.includes('NaN') && !text.includes('Infinity')) throw error
    const patched = text.replace(BARE_WORD, (word) =>
      word.startsWith('"')
        ? word
        : word === 'NaN'
          ? JSON.stringify(NAN_MARK)
          : word.replace('Infinity', '1e999'),
    )
    return parsePatched(patched)
  }
}
