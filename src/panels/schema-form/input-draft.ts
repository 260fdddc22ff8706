import { parseJson } from '#lib/json.ts'
import { checkValue, type Issue } from './check-value.ts'
import { startObject } from './field-kind.ts'
import { isObject, type JsonObject, type Schema } from './schema.ts'
import { textOf } from './value.ts'

/** An input as it is being written: as a form's value, or as a text. */
export type InputDraft = { as: 'form'; value: JsonObject } | { as: 'json'; text: string }

/** Whether something of before is one. */
export function isInputDraft(value: unknown): value is InputDraft {
  if (!isObject(value)) return false
  return value.as === 'form' ? isObject(value.value) : value.as === 'json' && typeof value.text === 'string'
}

/** An input that follows its schema until it is written by hand (`isOwn`). */
export interface OwnDraft {
  draft: InputDraft
  isOwn: boolean
}

export function isOwnDraft(value: unknown): value is OwnDraft {
  return isObject(value) && isInputDraft(value.draft) && typeof value.isOwn === 'boolean'
}

/** What to begin with: given values over the defaults of the schema. */
export function startDraft(schema: Schema | null, given?: unknown): InputDraft {
  if (!schema) return { as: 'json', text: given === undefined ? '{}' : textOf(given) }
  if (given !== undefined && !isObject(given)) return { as: 'json', text: textOf(given) }
  return { as: 'form', value: given ?? startObject(schema) }
}

/** The same input the other way; a text that is no object cannot become a form. */
export function turnDraft(draft: InputDraft, as: 'form' | 'json'): InputDraft | string {
  if (draft.as === as) return draft
  if (as === 'json') return { as, text: draftText(draft) }
  const read = readText((draft as { text: string }).text)
  return typeof read === 'string' ? read : { as: 'form', value: read }
}

export function draftText(draft: InputDraft): string {
  return draft.as === 'json' ? draft.text : textOf(draft.value)
}

/** The object a text stands for, or why it is none; an empty text is an empty object. */
export function readText(text: string): JsonObject | string {
  if (text.trim() === '') return {}
  const result = parseJson(text)
  if (!result.ok) return `Line ${result.error.line}, column ${result.error.column}: ${result.error.message}`
  return isObject(result.value)
    ? result.value
    : 'An input is an object: names in double quotes and their values, in braces'
}

/** The input, with what is wrong with it. `error` is about the whole. */
export function readDraft(
  draft: InputDraft,
  schema: Schema | null,
): { value: JsonObject; issues: Issue[]; error: string | null } {
  const value = draft.as === 'form' ? draft.value : readText(draft.text)
  if (typeof value === 'string') return { value: {}, issues: [], error: value }
  return { value, issues: schema ? checkValue(schema, value) : [], error: null }
}
