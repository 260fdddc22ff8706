import { compareNumbers } from '#lib/exact-compare.ts'
import { isNumber } from '#lib/exact-json.ts'
import { isObject, own, type Bound, type JsonObject, type Schema, type TypeName } from './schema.ts'

const TYPES: ReadonlySet<string> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'object',
  'array',
  'null',
])
const DEEPEST = 12
/** Parts of one schema; references may multiply it without end. */
const MOST_PARTS = 3_000

/** Nobody wrote a longer one. */
const LONGEST_PATTERN = 2_000
/** Fields of one object; a form of more would hold the page. */
const MOST_FIELDS = 300
/** Choices of one part. */
const MOST_CHOICES = 2_000

/** The schema of an input; null when there is none that a form could be made of. */
export function cleanInputSchema(raw: unknown): Schema | null {
  const schema = cleanSchema(raw)
  return schema.properties && Object.keys(schema.properties).length > 0 ? schema : null
}

/** Takes what it understands of anything. What it does not understand allows everything. */
export function cleanSchema(raw: unknown): Schema {
  return isObject(raw) ? new Cleaner(raw).clean(raw, [], 0) : {}
}

class Cleaner {
  readonly #root: JsonObject
  #parts = 0

  constructor(root: JsonObject) {
    this.#root = root
  }

  clean(raw: unknown, trail: readonly string[], depth: number): Schema {
    this.#parts += 1
    if (!isObject(raw) || depth > DEEPEST || this.#parts > MOST_PARTS) return {}
    const reference = own(raw, '$ref')
    if (typeof reference === 'string') {
      const target = trail.includes(reference) ? undefined : this.#at(reference)
      const { $ref: _, ...siblings } = raw
      if (!isObject(target)) return wordsOf(siblings)
      // The title of what is shared names the kind of thing, not this one.
      const { title: _title, ...shared } = target
      return this.clean({ ...shared, ...siblings }, [...trail, reference], depth + 1)
    }
    const merged = this.#withParts(raw)
    const choices = own(merged, 'anyOf') ?? own(merged, 'oneOf')
    if (Array.isArray(choices) && choices.length > 0) return this.#choices(merged, choices, trail, depth)
    return this.#plain(merged, trail, depth)
  }

  /** One part in `allOf` is how some libraries write a reference with siblings. */
  #withParts(raw: JsonObject): JsonObject {
    const parts = own(raw, 'allOf')
    if (!Array.isArray(parts) || parts.length !== 1 || !isObject(parts[0])) return raw
    const { allOf: _, ...siblings } = raw
    const reference = own(parts[0], '$ref')
    const part = typeof reference === 'string' ? this.#at(reference) : parts[0]
    return isObject(part) ? { ...part, ...siblings } : siblings
  }

  #choices(raw: JsonObject, choices: unknown[], trail: readonly string[], depth: number): Schema {
    const isNull = (choice: unknown) => isObject(choice) && own(choice, 'type') === 'null'
    const real = choices.filter((choice) => !isNull(choice))
    const nullable = real.length < choices.length
    if (real.length === 1) {
      const { anyOf: _, oneOf: __, ...siblings } = raw
      const one = this.clean(real[0], trail, depth + 1)
      return allowNull({ ...one, ...wordsOf(siblings) }, nullable)
    }
    const cleaned = real.map((choice) => this.clean(choice, trail, depth + 1))
    if (nullable) cleaned.push({ type: ['null'] })
    return { ...wordsOf(raw), anyOf: cleaned }
  }

  #plain(raw: JsonObject, trail: readonly string[], depth: number): Schema {
    const schema = wordsOf(raw)
    const type = typesOf(own(raw, 'type'))
    if (type.length > 0) schema.type = type
    const allowed = own(raw, 'enum')
    const constant = own(raw, 'const')
    // Of more choices than somebody could look through any value is taken.
    if (Array.isArray(allowed) && allowed.length > 0) {
      if (allowed.length <= MOST_CHOICES) schema.enum = allowed
    } else if (constant !== undefined) schema.enum = [constant]
    const format = own(raw, 'format')
    if (typeof format === 'string') schema.format = format
    this.#bounds(raw, schema)
    const items = own(raw, 'items')
    if (isObject(items)) schema.items = this.clean(items, trail, depth + 1)
    const properties = own(raw, 'properties')
    let isCut = false
    if (isObject(properties)) {
      const all = Object.entries(properties).filter(([, part]) => part !== false)
      const entries = all.slice(0, MOST_FIELDS)
      isCut = entries.length < all.length
      schema.properties = Object.fromEntries(
        entries.map(([key, part]) => [key, this.clean(part, trail, depth + 1)]),
      )
      schema.type ??= ['object']
    }
    const required = own(raw, 'required')
    if (Array.isArray(required))
      schema.required = required.filter((key): key is string => typeof key === 'string')
    const others = own(raw, 'additionalProperties')
    if (others === false && !isCut) schema.additionalProperties = false
    else if (isObject(others)) schema.additionalProperties = this.clean(others, trail, depth + 1)
    return schema
  }

  #bounds(raw: JsonObject, schema: Schema): void {
    const number = (key: string): Bound | undefined => {
      const value = own(raw, key)
      return isNumber(value) && !Number.isNaN(Number(value)) ? value : undefined
    }
    const length = (key: string) => {
      const value = Number(number(key) ?? -1)
      return value >= 0 ? value : undefined
    }
    const pairs: ['minimum' | 'exclusiveMinimum', 'maximum' | 'exclusiveMaximum'][] = [
      ['minimum', 'maximum'],
      ['exclusiveMinimum', 'exclusiveMaximum'],
    ]
    for (const [low, high] of pairs) {
      const [from, to] = [number(low), number(high)]
      // Bounds that nothing meets are a mistake, not a rule.
      if (from !== undefined && to !== undefined && compareNumbers(from, to) > 0) continue
      if (from !== undefined) schema[low] = from
      if (to !== undefined) schema[high] = to
    }
    for (const key of ['minLength', 'maxLength', 'minItems', 'maxItems'] as const) {
      const value = length(key)
      if (value !== undefined) schema[key] = value
    }
    const step = number('multipleOf')
    if (step !== undefined && Number(step) > 0) schema.multipleOf = step
    const pattern = own(raw, 'pattern')
    if (typeof pattern === 'string' && isPattern(pattern)) schema.pattern = pattern
  }

  #at(reference: string): unknown {
    if (!reference.startsWith('#/')) return undefined
    let at: unknown = this.#root
    for (const part of reference.slice(2).split('/')) {
      if (!isObject(at)) return undefined
      at = own(at, part.replaceAll('~1', '/').replaceAll('~0', '~'))
    }
    return at
  }
}

/** What people read of a schema, and its default. */
function wordsOf(raw: JsonObject): Schema {
  const schema: Schema = {}
  const { title, description, examples } = raw
  if (typeof title === 'string' && title.trim() !== '') schema.title = title.slice(0, 200)
  if (typeof description === 'string' && description.trim() !== '')
    schema.description = description.slice(0, 2_000)
  if (Array.isArray(examples) && examples.length > 0) schema.examples = examples
  if (Object.hasOwn(raw, 'default')) schema.default = raw['default']
  return schema
}

function typesOf(type: unknown): TypeName[] {
  const names = Array.isArray(type) ? type : [type]
  // One name that means nothing makes the whole mean nothing.
  return names.every((name) => typeof name === 'string' && TYPES.has(name)) ? (names as TypeName[]) : []
}

function allowNull(schema: Schema, nullable: boolean): Schema {
  if (!nullable) return schema
  const next = { ...schema }
  if (next.enum) next.enum = [...next.enum, null]
  if (next.type) next.type = [...next.type, 'null']
  if (next.anyOf) next.anyOf = [...next.anyOf, { type: ['null'] }]
  return next
}

function isPattern(pattern: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return false
  try {
    // Only read here, never run.
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}
