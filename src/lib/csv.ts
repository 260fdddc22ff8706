/** What a cell holds; null: nothing. */
export type CsvCell = string | number | boolean | null | undefined

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
/** What a spreadsheet may run as a formula: at a cell's begin, however it is written. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/
/**
 * The same inside a cell where a spreadsheet that splits at other marks, or at line breaks, begins another cell. A
 * number there is none.
 */
const INSIDE =
  /([,;|\t\r\n][\s"]*)(?=[=@＝＋－＠]|[+-](?!(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?:[\s,;|"\]}]|$)))/gi
const QUOTED = /[",;|\t\r\n]|^\s|\s$/

/**
 * One line of a CSV file (RFC 4180), with its end. Numbers stay numbers, also those in texts; no text is run as a
 * formula by a spreadsheet: an apostrophe before it makes it the text it is.
 */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

function csvCell(cell: CsvCell): string {
  if (cell === null || cell === undefined) return ''
  const text = String(cell)
  if (typeof cell !== 'string' || NUMBER.test(text)) return text
  const safe = (FORMULA.test(text) ? `'${text}` : text).replace(INSIDE, "$1'")
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The first line of a file of Excel's that names what stands between its cells: `sep=;`. */
const SEPARATOR = /^\uFEFF?\s*"?sep=([^\r\n])"?[ \t,;]*(?:\r\n|\r|\n|$)/i

/** A CSV text without the line that names its separator, and that separator; null where none is named. */
export function csvSeparator(text: string): { separator: string | null; rest: string } {
  const match = SEPARATOR.exec(text)
  return match
    ? { separator: match[1]!, rest: text.slice(match[0].length) }
    : { separator: null, rest: text.replace(/^\uFEFF/, '') }
}
