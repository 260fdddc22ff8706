import { stringifyExact } from '#lib/exact-json.ts'
import { parseJson } from '#lib/json.ts'
import { choicesOf } from './field-kind.ts'
import { isObject, type Path, type Schema } from './schema.ts'
import { faultsOf, type Fault } from './validate.ts'
import { getAt, Unreadable, unreadableIn } from './value.ts'

/** Choices that a message names. */
const MOST_NAMED = 12

export interface Issue {
  path: Path
  message: string
}

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
  let faults: Fault[]
  try {
    faults = faultsOf(schema, value)
  } catch {
    // Nested deeper than can be looked at: no reason to keep somebody from trying.
    return []
  }
  // The first at each place: a form shows one.
  const issues = new Map<string, Issue>()
  for (const { path, keyword, name } of faults) {
    const at = keyword === 'required' && name !== undefined ? [...path, name] : path
    const key = JSON.stringify(at)
    if (issues.has(key)) continue
    const message =
      keyword === 'required' ? 'is needed' : wordsFor(keyword, schemaAt(schema, path), getAt(value, path))
    issues.set(key, { path: at, message })
  }
  return [...issues.values()]
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

function wordsFor(keyword: keyof Schema, schema: Schema, value: unknown): string {
  switch (keyword) {
    case 'type':
      return typeWords(schema, value)
    case 'enum':
      return choiceWords(choicesOf(schema))
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
    case 'minLength':
      return schema.minLength === 1 ? 'must not be empty' : `at least ${schema.minLength} characters`
    case 'maxLength':
      return `at most ${schema.maxLength} characters, now ${Array.from(String(value)).length}`
    case 'minItems':
      return `at least ${schema.minItems} of these`
    case 'maxItems':
      return `at most ${schema.maxItems} of these`
    case 'pattern':
      return `must match ${schema.pattern?.slice(0, 200)}`
    case 'anyOf':
      return 'fits nothing that is allowed here'
    case 'format':
      return schema.format === 'date-time' ? 'a date and a time' : `not of the form ${schema.format}`
    case 'additionalProperties':
      return 'is not known here'
    default:
      return `does not fit its ${keyword}`
  }
}

function choiceWords(choices: readonly unknown[]): string {
  const more = choices.length - MOST_NAMED
  const named = choices
    .slice(0, MOST_NAMED)
    .map((choice) => (typeof choice === 'string' ? choice : stringifyExact(choice)).slice(0, 60))
  return `one of ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
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
