import { isWhole } from '#lib/exact-compare.ts'
import { isNumber, parseExact, stringifyExact } from '#lib/exact-json.ts'
import { isObject, own, type Schema } from './schema.ts'

/** Which control a part of the input gets. `json`: what no control fits. */
export type FieldKind =
  | 'text'
  | 'long-text'
  | 'password'
  | 'number'
  | 'boolean'
  | 'choice'
  | 'file'
  | 'color'
  | 'moment'
  | 'list'
  | 'object'
  | 'json'
  /** A live socket: it has no place in a form. */
  | 'stream'

const LONG_NAME = /prompt|text|essay|message|story|script|lyrics|instruction|system|context|content/i
const PLAIN: ReadonlySet<unknown> = new Set(['string', 'number', 'boolean'])

/** Deeper lists and objects are written as JSON. */
const DEEPEST = 4

export function kindOf(schema: Schema, name = '', depth = 0): FieldKind {
  if (schema.format === 'stream') return 'stream'
  if (schema.anyOf) return 'json'
  const choices = schema.enum?.filter((value) => value !== null)
  if (choices)
    return choices.length > 0 && choices.every((value) => PLAIN.has(typeof value) || isNumber(value))
      ? 'choice'
      : 'json'
  const types = (schema.type ?? []).filter((type) => type !== 'null')
  if (types.length !== 1) return 'json'
  switch (types[0]) {
    case 'boolean':
      // Three states do not fit a tick.
      return isNullable(schema) ? 'choice' : 'boolean'
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
      return stringKind(schema, name)
    case 'array':
      return schema.items && depth < DEEPEST && isListItem(kindOf(schema.items, name, depth + 1))
        ? 'list'
        : 'json'
    case 'object':
      return schema.properties && Object.keys(schema.properties).length > 0 && depth < DEEPEST
        ? 'object'
        : 'json'
    default:
      return 'json'
  }
}

function stringKind(schema: Schema, name: string): FieldKind {
  switch (schema.format) {
    case 'file':
      return 'file'
    case 'color':
      return 'color'
    case 'date-time':
      return 'moment'
    case 'password':
      return 'password'
    case 'textarea':
    case 'multiline':
      return 'long-text'
    default:
      return (schema.maxLength ?? 0) > 200 || LONG_NAME.test(name) ? 'long-text' : 'text'
  }
}

function isListItem(kind: FieldKind): boolean {
  return kind !== 'json' && kind !== 'stream' && kind !== 'list'
}

function isNullable(schema: Schema): boolean {
  return schema.type?.includes('null') === true || schema.enum?.includes(null) === true
}

/** What a choice offers; null, which is "nothing chosen", apart. */
export function choicesOf(schema: Schema): unknown[] {
  return schema.enum ? schema.enum.filter((value) => value !== null) : [true, false]
}

/** "Guidance": the schema's own words, else made of the name. */
export function labelOf(name: string, schema: Schema): string {
  // A title of a shared definition names the type; one of a property names the property.
  if (schema.title) return schema.title
  const words = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .trim()
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1)
}

/** The properties a form shows, those that must be given first. */
export function fieldsOf(schema: Schema): { name: string; schema: Schema; required: boolean }[] {
  const required = new Set(schema.required ?? [])
  return Object.entries(schema.properties ?? {})
    .filter(([name, part]) => kindOf(part, name) !== 'stream')
    .map(([name, part]) => ({ name, schema: part, required: required.has(name) }))
    .sort((a, b) => Number(b.required) - Number(a.required))
}

/** What a form begins with: defaults as they are; what may be left out is left out. */
export function startValue(schema: Schema, required = true): unknown {
  if (schema.default !== undefined && schema.default !== null && fits(schema, schema.default))
    return parseExact(stringifyExact(schema.default))
  const kind = kindOf(schema)
  if (kind === 'object' && (required || schema.default !== null)) {
    const filled = startObject(schema)
    return required || Object.keys(filled).length > 0 ? filled : undefined
  }
  if (kind === 'boolean' && required) return false
  return undefined
}

export function startObject(schema: Schema): Record<string, unknown> {
  const entries = fieldsOf(schema)
    .map(({ name, schema: part, required }) => [name, startValue(part, required)] as const)
    .filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries)
}

/** A default of another type than its own schema's is a mistake. */
function fits(schema: Schema, value: unknown): boolean {
  const types = schema.type
  if (!types) return true
  return types.some((type) =>
    type === 'array'
      ? Array.isArray(value)
      : type === 'object'
        ? isObject(value)
        : type === 'integer'
          ? isNumber(value) && isWhole(value)
          : type === 'number'
            ? isNumber(value)
            : type === typeof value,
  )
}

/** Names in a value that the form has no field for. */
export function othersIn(schema: Schema, value: unknown): string[] {
  if (!isObject(value)) return []
  const properties = schema.properties ?? {}
  return Object.keys(value).filter((key) => own(properties, key) === undefined)
}
