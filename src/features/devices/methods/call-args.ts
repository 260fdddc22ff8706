import { stringifyExact } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { checkValue, type Issue } from '#panels/schema-form/check-value.ts'
import { startObject } from '#panels/schema-form/field-kind.ts'
import { isObject, type JsonObject, type Schema } from '#panels/schema-form/schema.ts'
import { textOf } from '#panels/schema-form/value.ts'

/** Arguments as they are written: by name in a form, or any as JSON. */
export type ArgsDraft = { as: 'form'; value: JsonObject } | { as: 'json'; text: string }

export interface CallArgs {
  args: unknown[]
  kwargs: JsonObject
}

export type ReadArgs = { ok: true; call: CallArgs } | { ok: false; issues: Issue[]; error: string | null }

export function startArgs(schema: Schema): ArgsDraft {
  return { as: 'form', value: startObject(schema) }
}

/** The call that a draft asks for, or what is wrong with it. Types of written JSON are the server's to judge. */
export function readArgs(draft: ArgsDraft, schema: Schema): ReadArgs {
  if (draft.as === 'form') {
    const issues = checkValue(schema, draft.value)
    return issues.length > 0
      ? { ok: false, issues, error: null }
      : { ok: true, call: { args: [], kwargs: draft.value } }
  }
  const call = readJsonArgs(draft.text)
  return typeof call === 'string' ? { ok: false, issues: [], error: call } : { ok: true, call }
}

/** The same arguments written the other way, or why that cannot be. */
export function turnArgs(draft: ArgsDraft, as: ArgsDraft['as']): ArgsDraft | string {
  if (draft.as === as) return draft
  if (draft.as === 'form') return { as: 'json', text: textOf({ args: [], kwargs: draft.value }) }
  const call = readJsonArgs(draft.text)
  if (typeof call === 'string') return call
  if (call.args.length > 0) return 'A form gives arguments by name; these are given by place.'
  return { as: 'form', value: call.kwargs }
}

/**
 * `{"args": […], "kwargs": {…}}` with either left out; or a list, all by place; or an object, all by name.
 * An empty text is a call without arguments.
 */
export function readJsonArgs(text: string): CallArgs | string {
  if (text.trim() === '') return { args: [], kwargs: {} }
  const result = parseJson(text)
  if (!result.ok) return `Line ${result.error.line}, column ${result.error.column}: ${result.error.message}`
  const { value } = result
  if (Array.isArray(value)) return { args: value as unknown[], kwargs: {} }
  if (!isObject(value)) return 'Arguments are a list, or an object: names in double quotes and their values'
  const names = Object.keys(value)
  if (names.length === 0 || !names.every((name) => name === 'args' || name === 'kwargs'))
    return { args: [], kwargs: value }
  const { args = [], kwargs = {} } = value
  if (!Array.isArray(args)) return 'args is a list: [1, "fast"]'
  if (!isObject(kwargs)) return 'kwargs is an object: {"wait": true}'
  return { args: args as unknown[], kwargs }
}

/** "set_power(3, wait=true)": a call as people write it. */
export function callText(method: string, args: readonly unknown[], kwargs: Readonly<JsonObject>): string {
  const parts = [
    ...args.map(short),
    ...Object.entries(kwargs).map(([name, value]) => `${name}=${short(value)}`),
  ]
  return `${method}(${parts.join(', ')})`
}

function short(value: unknown): string {
  const text = stringifyExact(value) ?? 'null'
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
