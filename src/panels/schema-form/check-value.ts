import { Validator, type OutputUnit, type Schema as WireSchema } from '@cfworker/json-schema'
import { compareNumbers, isMultiple, isWhole } from '#lib/exact-compare.ts'
import { ExactNumber, isNumber, withPlainNumbers } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { choicesOf } from './field-kind.ts'
import { isObject, samePath, type Bound, type Path, type Schema } from './schema.ts'
import { getAt, Unreadable, unreadableIn } from './value.ts'

export interface Issue {
  path: Path
  message: string
}

/** Says nothing itself: what lies below it does. */
const SILENT: ReadonlySet<string> = new Set(['properties', 'items', 'additionalProperties', '$ref'])

/** What is wrong with a value, each at its place. */
export function checkValue(schema: Schema, value: unknown): Issue[] {
  const broken = unreadableIn(value)
  const issues: Issue[] = broken.map((path) => ({ path, message: complaintOf(getAt(value, path)) }))
  for (const issue of validate(schema, value))
    if (!broken.some((path) => path.every((part, index) => part === issue.path[index]))) issues.push(issue)
  return issues
}

function complaintOf(part: unknown): string {
  const result = parseJson(part instanceof Unreadable ? part.text : '')
  return result.ok
    ? 'no JSON'
    : `line ${result.error.line}, column ${result.error.column}: ${result.error.message}`
}

function validate(schema: Schema, value: unknown): Issue[] {
  let errors: OutputUnit[]
  try {
    // Not only the first: a form shows each where it is.
    errors = new Validator(plainSchema(schema), '2020-12', false).validate(plain(value)).errors
  } catch {
    // A schema that cannot be judged by is no reason to keep somebody from trying.
    return []
  }
  const judged = judgeNumbers(schema, value)
  const issues: Issue[] = []
  for (const { path, message } of judged) if (message !== null) add({ path, message })
  for (const error of errors) {
    if (SILENT.has(error.keyword) || /\/anyOf\//.test(error.keywordLocation)) continue
    const path = pathOf(error.instanceLocation, value)
    if (judged.some((each) => samePath(each.path, path))) continue
    const part = schemaAt(schema, path)
    if (error.keyword === 'required') {
      const missing = /"([^"]*)"/.exec(error.error)?.[1]
      if (missing !== undefined) add({ path: [...path, missing], message: 'is needed' })
      continue
    }
    add({ path, message: wordsFor(error, part, getAt(value, path)) })
  }
  return issues

  function add(issue: Issue): void {
    if (!issues.some((each) => samePath(each.path, issue.path))) issues.push(issue)
  }
}

const plainSchemas = new WeakMap<Schema, WireSchema>()

/** The schema as the validator knows it, with float64 alone. */
function plainSchema(schema: Schema): WireSchema {
  let wire = plainSchemas.get(schema)
  if (!wire) plainSchemas.set(schema, (wire = withPlainNumbers(schema) as WireSchema))
  return wire
}

/**
 * The numbers that float64 cannot judge, they or their bounds: what is wrong with each, or null. The validator's
 * word on them does not count.
 */
function judgeNumbers(
  schema: Schema,
  value: unknown,
  path: Path = [],
): { path: Path; message: string | null }[] {
  if (isNumber(value)) {
    const bounds = [
      schema.minimum,
      schema.maximum,
      schema.exclusiveMinimum,
      schema.exclusiveMaximum,
      schema.multipleOf,
    ]
    const isExact = [value, ...bounds, ...(schema.enum ?? [])].some((each) => each instanceof ExactNumber)
    return isExact && !schema.anyOf ? [{ path, message: numberComplaint(schema, value) }] : []
  }
  if (Array.isArray(value))
    return value.flatMap((item, index) => judgeNumbers(schemaAt(schema, [index]), item, [...path, index]))
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([key, part]) =>
    judgeNumbers(schemaAt(schema, [key]), part, [...path, key]),
  )
}

function numberComplaint(schema: Schema, value: Bound): string | null {
  const { type, minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (schema.enum && !schema.enum.some((each) => isNumber(each) && compareNumbers(each, value) === 0))
    return numberWords('enum', schema)
  if (type && !type.includes('number') && !(type.includes('integer') && isWhole(value)))
    return typeWords(schema, value)
  if (minimum !== undefined && compareNumbers(value, minimum) < 0) return numberWords('minimum', schema)
  if (maximum !== undefined && compareNumbers(value, maximum) > 0) return numberWords('maximum', schema)
  if (exclusiveMinimum !== undefined && compareNumbers(value, exclusiveMinimum) <= 0)
    return numberWords('exclusiveMinimum', schema)
  if (exclusiveMaximum !== undefined && compareNumbers(value, exclusiveMaximum) >= 0)
    return numberWords('exclusiveMaximum', schema)
  return multipleOf !== undefined && !isMultiple(value, multipleOf) ? numberWords('multipleOf', schema) : null
}

/** Without what is not JSON. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, part: unknown) => (part instanceof Unreadable ? null : part)) ?? 'null',
  )
}

/** `#/masks/1` in the value it is about: whether `1` is a name or a number shows there. */
function pathOf(location: string, value: unknown): Path {
  const path: (string | number)[] = []
  for (const part of location.split('/').slice(1)) {
    const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    path.push(Array.isArray(getAt(value, path)) ? Number(name) : name)
  }
  return path
}

export function schemaAt(schema: Schema, path: Path): Schema {
  let at = schema
  for (const part of path) {
    const next: Schema | false | undefined =
      typeof part === 'number'
        ? at.items
        : at.properties && Object.hasOwn(at.properties, part)
          ? at.properties[part]
          : at.additionalProperties
    at = next || {}
  }
  return at
}

function wordsFor(error: OutputUnit, schema: Schema, value: unknown): string {
  switch (error.keyword) {
    case 'type':
      return typeWords(schema, value)
    case 'enum':
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
    case 'multipleOf':
      return numberWords(error.keyword, schema)
    case 'minLength':
      return schema.minLength === 1 ? 'must not be empty' : `at least ${schema.minLength} characters`
    case 'maxLength':
      return `at most ${schema.maxLength} characters, now ${String(value).length}`
    case 'minItems':
      return `at least ${schema.minItems} of these`
    case 'maxItems':
      return `at most ${schema.maxItems} of these`
    case 'pattern':
      return `must match ${schema.pattern}`
    case 'anyOf':
      return 'fits nothing that is allowed here'
    case 'format':
      return schema.format === 'date-time' ? 'a date and a time' : `not of the form ${schema.format}`
    case 'false':
      return 'is not known here'
    default:
      return error.error
  }
}

type NumberKeyword = 'enum' | 'minimum' | 'maximum' | 'exclusiveMinimum' | 'exclusiveMaximum' | 'multipleOf'

function numberWords(keyword: NumberKeyword, schema: Schema): string {
  switch (keyword) {
    case 'enum':
      return `one of ${choicesOf(schema).map(String).join(', ')}`
    case 'minimum':
      return `at least ${String(schema.minimum)}`
    case 'maximum':
      return `at most ${String(schema.maximum)}`
    case 'exclusiveMinimum':
      return `more than ${String(schema.exclusiveMinimum)}`
    case 'exclusiveMaximum':
      return `less than ${String(schema.exclusiveMaximum)}`
    case 'multipleOf':
      return `in steps of ${String(schema.multipleOf)}`
  }
}

const TYPE_WORDS: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

function typeWords(schema: Schema, value: unknown): string {
  const wanted = (schema.type ?? []).map((type) => TYPE_WORDS[type] ?? type).join(' or ')
  return `${wanted || 'another type'} is expected${isObject(value) ? ', not an object' : ''}`
}
