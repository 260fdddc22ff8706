import { isJsonObject, stringifyExact } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { checkValue, schemaAt, type Issue } from '#panels/schema-form/check-value.ts'
import { pathText, type JsonObject, type Schema } from '#panels/schema-form/schema.ts'
import { setAt } from '#panels/schema-form/value.ts'
import { cellValue, columnPath, withValue } from './cell-value.ts'
import type { BatchDraft, GridAxis } from './batch-draft.ts'
import { parseRows } from './parse-rows.ts'

/** One input of a batch. */
export interface PlannedRun {
  /** What tells it from the others, as people read it. */
  label: string
  /** Fields it sets itself. */
  own: readonly string[]
  input: JsonObject
  error: string | null
}

export type BatchField =
  'copies' | 'seed' | 'from' | 'to' | 'rows' | 'field1' | 'values1' | 'field2' | 'values2' | 'concurrency'

export interface BatchPlan {
  runs: PlannedRun[]
  columns: string[]
  errors: Partial<Record<BatchField, string>>
  /** "seed 1 to 60". */
  what: string
}

export const MOST_RUNS = 1_000

/** The inputs that a batch would start, each from the one in the form. Nothing is checked against the schema. */
export function planBatch(draft: BatchDraft, base: JsonObject, schema: Schema | null): BatchPlan {
  const plan = { one: planCopies, seeds: planSeeds, rows: planRows, grid: planGrid }[draft.kind](
    draft,
    base,
    schema,
  )
  const most = wholeOf(draft.concurrency, 1, MOST_RUNS)
  if (draft.kind !== 'one' && most === null) plan.errors.concurrency = `A whole number from 1 to ${MOST_RUNS}`
  return plan
}

/** What is wrong with each input beyond what the form itself shows: in the fields that the batch sets. */
export function checkRuns(runs: readonly PlannedRun[], schema: Schema | null): PlannedRun[] {
  if (!schema) return [...runs]
  return runs.map((run) => {
    if (run.error !== null) return run
    const issue = checkValue(schema, run.input).find(({ path }) => run.own.includes(String(path[0])))
    return issue ? { ...run, error: issueText(issue) } : run
  })
}

/** "landscape, seed 1 to 60". */
export function batchName(ref: string, what: string): string {
  const name = ref.split('/').at(-1) ?? ref
  return `${name}${what.startsWith('×') ? ' ' : ', '}${what}`.slice(0, 200)
}

export function issueText(issue: Issue): string {
  return issue.path.length > 0 ? `${pathText(issue.path)}: ${issue.message}` : issue.message
}

function planCopies(draft: BatchDraft, base: JsonObject): BatchPlan {
  const copies = wholeOf(draft.copies, 1, MOST_RUNS)
  if (copies === null) return fault('copies', `A whole number from 1 to ${MOST_RUNS}`)
  const runs = Array.from({ length: copies }, (_, index): PlannedRun => ({
    label: `copy ${index + 1}`,
    own: [],
    input: base,
    error: null,
  }))
  return { runs, columns: [], errors: {}, what: `× ${copies}` }
}

function planSeeds(draft: BatchDraft, base: JsonObject, schema: Schema | null): BatchPlan {
  const { field, from, to } = draft.seed
  const first = wholeOf(from, 0, Number.MAX_SAFE_INTEGER)
  const last = wholeOf(to, 0, Number.MAX_SAFE_INTEGER)
  const name = field.trim()
  const errors: BatchPlan['errors'] = {}
  if (name === '') errors.seed = 'Name the field that takes the seed'
  if (first === null) errors.from = 'A whole number'
  if (last === null) errors.to = 'A whole number'
  else if (first !== null && last < first) errors.to = 'Not less than the first'
  else if (first !== null && last - first >= MOST_RUNS) errors.to = `At most ${MOST_RUNS} runs`
  if (first === null || last === null || Object.keys(errors).length > 0) return empty(errors)
  const path = columnPath(name, schema)
  const runs = Array.from({ length: last - first + 1 }, (_, index): PlannedRun => ({
    label: `${name} ${first + index}`,
    own: [String(path[0])],
    input: withValue(base, path, first + index),
    error: null,
  }))
  return { runs, columns: [name], errors, what: `${name} ${first} to ${last}` }
}

function planRows(draft: BatchDraft, base: JsonObject, schema: Schema | null): BatchPlan {
  const { rows, columns, error } = parseRows(draft.rows, schema)
  if (error !== null) return fault('rows', error)
  if (rows.length === 0) return fault('rows', 'Paste rows: CSV with a line of names first, or JSON lines')
  if (rows.length > MOST_RUNS) return fault('rows', `${rows.length} rows; a batch takes at most ${MOST_RUNS}`)
  const runs = rows.map((row, index): PlannedRun => ({
    label: `row ${index + 1}`,
    own: Object.keys(row.values),
    input: mergeValues(base, row.values),
    error: row.error === null ? null : `Line ${row.line}: ${row.error}`,
  }))
  return { runs, columns, errors: {}, what: `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}` }
}

/** Columns like `origin.x` set a part of a field: the rest of it stays. */
function mergeValues(base: JsonObject, values: JsonObject): JsonObject {
  let merged = base
  for (const [key, value] of Object.entries(values)) {
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined
    const next = isJsonObject(value) && isJsonObject(before) ? { ...before, ...value } : value
    merged = setAt(merged, [key], () => next) as JsonObject
  }
  return merged
}

function planGrid(draft: BatchDraft, base: JsonObject, schema: Schema | null): BatchPlan {
  const [one, two] = draft.grid
  const errors: BatchPlan['errors'] = {}
  const [a, b] = [axisOf(one, schema), axisOf(two, schema)]
  if (a.name === '') errors.field1 = 'Name a field'
  if (a.values.length === 0) errors.values1 = 'Write its values, with commas between or one a line'
  // The second one may be left out.
  const hasSecond = b.name !== '' || b.values.length > 0
  if (hasSecond && b.name === '') errors.field2 = 'Name a field'
  if (hasSecond && b.values.length === 0)
    errors.values2 = 'Write its values, with commas between or one a line'
  if (hasSecond && a.name !== '' && a.name === b.name) errors.field2 = 'Another field than the first'
  if (a.values.length * Math.max(1, b.values.length) > MOST_RUNS) errors.values1 = `At most ${MOST_RUNS} runs`
  if (Object.keys(errors).length > 0) return empty(errors)
  const runs = a.values.flatMap((x) =>
    (hasSecond ? b.values : [null]).map((y): PlannedRun => {
      const input = withValue(base, a.path, x)
      return {
        label: [`${a.name} ${say(x)}`, ...(hasSecond ? [`${b.name} ${say(y)}`] : [])].join(', '),
        own: [String(a.path[0]), ...(hasSecond ? [String(b.path[0])] : [])],
        input: hasSecond ? withValue(input, b.path, y) : input,
        error: null,
      }
    }),
  )
  const columns = hasSecond ? [a.name, b.name] : [a.name]
  return { runs, columns, errors, what: columns.join(' × ') }
}

function axisOf(axis: GridAxis, schema: Schema | null) {
  const name = axis.field.trim()
  const path = columnPath(name, schema)
  return { name, path, values: listValues(axis.values, schema && name ? schemaAt(schema, path) : undefined) }
}

/** Values as people list them: with commas, one a line, `1..5`, or as JSON. */
export function listValues(text: string, schema: Schema | undefined): unknown[] {
  const trimmed = text.trim()
  if (trimmed === '') return []
  if (trimmed.startsWith('[')) {
    const result = parseJson(trimmed)
    if (result.ok && Array.isArray(result.value)) return result.value as unknown[]
  }
  const range = /^(-?\d{1,15})\s*\.\.\s*(-?\d{1,15})$/.exec(trimmed)
  if (range) {
    const [first, last] = [Number(range[1]), Number(range[2])]
    const length = Math.min(MOST_RUNS + 1, last - first + 1)
    return length > 0 ? Array.from({ length }, (_, index) => first + index) : []
  }
  return trimmed
    .split(trimmed.includes('\n') ? /\r?\n/ : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => cellValue(part, schema))
}

function say(value: unknown): string {
  const text = typeof value === 'string' ? value : (stringifyExact(value) ?? '')
  return text.length > 40 ? `${text.slice(0, 39)}…` : text
}

export function wholeOf(text: string, from: number, to: number): number | null {
  const number = Number(text.trim())
  return text.trim() !== '' && Number.isInteger(number) && number >= from && number <= to ? number : null
}

function fault(field: BatchField, message: string): BatchPlan {
  return empty({ [field]: message })
}

function empty(errors: BatchPlan['errors']): BatchPlan {
  return { runs: [], columns: [], errors, what: '' }
}
