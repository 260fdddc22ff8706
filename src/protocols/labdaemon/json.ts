/** Stands for NaN while the text passes through JSON.parse, which has no word for it. */
const NAN = '\u0000NaN'
const BARE_WORD = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g

/**
 * Parses what Python's `json` writes: JSON plus the bare words NaN, Infinity and -Infinity (LabDaemon wire
 * contract §4, §5.15). Throws SyntaxError for anything else.
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!text.includes('NaN') && !text.includes('Infinity')) throw error
    const patched = text.replace(BARE_WORD, (word) =>
      word.startsWith('"') ? word : word === 'NaN' ? JSON.stringify(NAN) : word.replace('Infinity', '1e999'),
    )
    return JSON.parse(patched, (_key, value: unknown) => (value === NAN ? Number.NaN : value))
  }
}
