import Papa from 'papaparse'
import { csvSeparator } from '#lib/csv.ts'
import { parseJson } from '#lib/json.ts'
import { isObject, type JsonObject, type Schema } from '#panels/schema-form/schema.ts'
import { schemaAt } from '#panels/schema-form/check-value.ts'
import { cellValue, columnPath, withValue } from './cell-value.ts'

/** One pasted row: the values it sets, or why it cannot be read. */
interface PastedRow {
  /** Line of the text it begins on, from 1; its number for a list in JSON. */
  line: number
  values: JsonObject
  error: string | null
}

export interface PastedRows {
  kind: 'none' | 'csv' | 'json'
  /** As they were named. */
  columns: string[]
  rows: PastedRow[]
  /** About the whole. */
  error: string | null
}

const EMPTY: PastedRows = { kind: 'none', columns: [], rows: [], error: null }

/** Rows of inputs from CSV with a header, JSON lines, or a list in JSON. */
export function parseRows(text: string, schema: Schema | null): PastedRows {
  const trimmed = text.trim()
  if (trimmed === '') return EMPTY
  if (trimmed.startsWith('[')) return parseList(trimmed)
  return trimmed.startsWith('{') ? parseLines(text) : parseCsv(text, schema)
}

function parseList(text: string): PastedRows {
  const result = parseJson(text)
  if (!result.ok) {
    const { line, column, message } = result.error
    return { ...EMPTY, kind: 'json', error: `Line ${line}, column ${column}: ${message}` }
  }
  const rows = (result.value as unknown[]).map((value, index) => rowOf(value, index + 1))
  return { kind: 'json', columns: columnsOf(rows), rows, error: null }
}

function parseLines(text: string): PastedRows {
  const rows = text.split(/\r?\n/).flatMap((line, index): PastedRow[] => {
    if (line.trim() === '') return []
    const result = parseJson(line)
    if (result.ok) return [rowOf(result.value, index + 1)]
    return [{ line: index + 1, values: {}, error: `column ${result.error.column}: ${result.error.message}` }]
  })
  return { kind: 'json', columns: columnsOf(rows), rows, error: null }
}

function rowOf(value: unknown, line: number): PastedRow {
  return isObject(value)
    ? { line, values: value, error: null }
    : { line, values: {}, error: 'a row is an object: names and their values, in braces' }
}

function columnsOf(rows: readonly PastedRow[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row.values)))]
}

function parseCsv(text: string, schema: Schema | null): PastedRows {
  const { separator, rest } = csvSeparator(text)
  // Lines are counted as they were pasted.
  const first = separator === null ? 1 : 2
  const { data, errors, meta } = Papa.parse<string[]>(rest.trim(), {
    skipEmptyLines: 'greedy',
    ...(separator === null ? {} : { delimiter: separator }),
    // A single column has no delimiter to be found.
    delimitersToGuess: [',', '\t', ';', '|'],
  })
  const header = (data[0] ?? []).map((name) => name.trim())
  const fault = headerFault(header)
  if (fault) return { ...EMPTY, kind: 'csv', error: fault }
  const paths = header.map((column) => columnPath(column, schema))
  const rows = data.slice(1).map((cells, index): PastedRow => {
    const broken = errors.find((error) => error.row === index + 1 && error.type === 'Quotes')
    if (broken) return { line: index + first + 1, values: {}, error: 'a quotation mark is not closed' }
    if (cells.length > header.length)
      return {
        line: index + first + 1,
        values: {},
        error: `${cells.length} values for ${header.length} columns; put quotation marks around text with ${delimiterName(meta.delimiter)}`,
      }
    let values: JsonObject = {}
    cells.forEach((cell, at) => {
      // An empty cell leaves the field as it is in the form.
      if (cell.trim() !== '')
        values = withValue(
          values,
          paths[at]!,
          cellValue(cell, schema ? schemaAt(schema, paths[at]!) : undefined),
        )
    })
    return { line: index + first + 1, values, error: null }
  })
  return {
    kind: 'csv',
    columns: header,
    rows,
    error: rows.length === 0 ? 'The first line names the fields; the values follow, one run per line' : null,
  }
}

function headerFault(header: readonly string[]): string | null {
  if (header.some((name) => name === '')) return 'The first line names the fields; one of its names is empty'
  const twice = header.find((name, index) => header.indexOf(name) !== index)
  return twice === undefined ? null : `The column ${twice} is there twice`
}

function delimiterName(delimiter: string): string {
  return { ',': 'commas', ';': 'semicolons', '\t': 'tabs' }[delimiter] ?? `“${delimiter}”`
}
