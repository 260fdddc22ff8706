import { compareNumbers, isMultiple, isWhole } from '#lib/exact-compare.ts'
import { isNumber } from '#lib/exact-json.ts'
import { PatternError } from '#lib/safe-pattern.ts'
import { isOfFormat } from './formats.ts'
import { schemaPattern } from './schema-pattern.ts'
import { isObject, type Bound, type Path, type Schema, type TypeName } from './schema.ts'
import { Unreadable } from './value.ts'

/** What a value fails at: the schema's keyword, at its place. */
export interface Fault {
  path: Path
  keyword: keyof Schema
  /** The property that is missing, or is not known. */
  name?: string
}

/** Parts of values that one look at it comes to at most; what is beyond is the service's to judge. */
const MOST_STEPS = 50_000
const MOST_FAULTS = 200
const DEEPEST = 200
/** Looks of patterns that one check may cost, each as long as the longest. */
const MOST_LOOKS = 2

/** What is wrong with a value by a schema that was cleaned, as far as can be told in a bounded time. */
export function faultsOf(schema: Schema, value: unknown): Fault[] {
  const judge = new Judge()
  judge.look(schema, value, [])
  return judge.faults
}

class Judge {
  faults: Fault[] = []
  #steps = 0
  #looks = 0

  look(schema: Schema, value: unknown, path: Path): void {
    // What is no JSON yet is complained of by whoever reads it.
    if (this.#isSpent() || path.length > DEEPEST || value instanceof Unreadable) return
    const fail = (keyword: keyof Schema, at: Path = path, name?: string) => {
      this.faults.push(name === undefined ? { path: at, keyword } : { path: at, keyword, name })
    }
    if (schema.type && !schema.type.some((type) => isOfType(value, type))) fail('type')
    if (schema.enum && !schema.enum.some((each) => this.#same(each, value))) fail('enum')
    if (schema.anyOf && !schema.anyOf.some((each) => this.#fits(each, value, path))) fail('anyOf')
    if (isNumber(value)) numberFaults(schema, value, fail)
    else if (typeof value === 'string') this.#text(schema, value, fail)
    else if (Array.isArray(value)) this.#list(schema, value as unknown[], path, fail)
    else if (isObject(value)) this.#object(schema, value, path, fail)
  }

  #isSpent(): boolean {
    return ++this.#steps > MOST_STEPS || this.faults.length >= MOST_FAULTS
  }

  #fits(schema: Schema, value: unknown, path: Path): boolean {
    const before = this.faults
    this.faults = []
    this.look(schema, value, path)
    const fits = this.faults.length === 0
    this.faults = before
    return fits
  }

  #text(schema: Schema, text: string, fail: (keyword: keyof Schema) => void): void {
    const { minLength, maxLength, pattern, format } = schema
    // Characters are never more than the units they are kept in, and at least half as many.
    const length = minLength === undefined && maxLength === undefined ? 0 : charsIn(text)
    if (minLength !== undefined && length < minLength) fail('minLength')
    if (maxLength !== undefined && length > maxLength) fail('maxLength')
    if (pattern !== undefined && !this.#matches(pattern, text)) fail('pattern')
    if (format !== undefined && !isOfFormat(format, text)) fail('format')
  }

  /** True also where it cannot be told. */
  #matches(source: string, text: string): boolean {
    const pattern = schemaPattern(source)
    if (pattern instanceof PatternError || text.length > pattern.reach) return true
    this.#looks += (text.length + 1) / (pattern.reach + 1)
    return this.#looks > MOST_LOOKS || pattern.test(text)
  }

  #list(
    { minItems, maxItems, items }: Schema,
    list: readonly unknown[],
    path: Path,
    fail: (keyword: keyof Schema) => void,
  ): void {
    if (minItems !== undefined && list.length < minItems) fail('minItems')
    if (maxItems !== undefined && list.length > maxItems) fail('maxItems')
    if (!items) return
    for (let i = 0; i < list.length && this.#steps <= MOST_STEPS; i++) this.look(items, list[i], [...path, i])
  }

  #object(
    { required, properties, additionalProperties }: Schema,
    object: Readonly<Record<string, unknown>>,
    path: Path,
    fail: (keyword: keyof Schema, at?: Path, name?: string) => void,
  ): void {
    for (const name of required ?? []) {
      if (this.#isSpent()) return
      if (!Object.hasOwn(object, name) || object[name] === undefined) fail('required', path, name)
    }
    for (const [name, value] of Object.entries(object)) {
      if (this.#isSpent()) return
      if (value === undefined) continue
      if (properties && Object.hasOwn(properties, name)) this.look(properties[name]!, value, [...path, name])
      else if (additionalProperties === false) fail('additionalProperties', [...path, name], name)
      else if (additionalProperties) this.look(additionalProperties, value, [...path, name])
    }
  }

  /** Equal as JSON; true also where it would take too long to tell. */
  #same(a: unknown, b: unknown): boolean {
    if (++this.#steps > MOST_STEPS || a === b) return true
    if (isNumber(a)) return isNumber(b) && compareNumbers(a, b) === 0
    if (Array.isArray(a))
      return Array.isArray(b) && a.length === b.length && a.every((item, i) => this.#same(item, b[i]))
    if (!isObject(a) || !isObject(b)) return false
    const names = Object.keys(a)
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && this.#same(a[name], b[name]))
    )
  }
}

function isOfType(value: unknown, type: TypeName): boolean {
  switch (type) {
    case 'integer':
      return typeof value === 'number' ? Number.isInteger(value) : isNumber(value) && isWhole(value)
    case 'number':
      return isNumber(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}

function numberFaults(schema: Schema, value: Bound, fail: (keyword: keyof Schema) => void): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  if (minimum !== undefined && compareNumbers(value, minimum) < 0) fail('minimum')
  if (maximum !== undefined && compareNumbers(value, maximum) > 0) fail('maximum')
  if (exclusiveMinimum !== undefined && compareNumbers(value, exclusiveMinimum) <= 0) fail('exclusiveMinimum')
  if (exclusiveMaximum !== undefined && compareNumbers(value, exclusiveMaximum) >= 0) fail('exclusiveMaximum')
  if (multipleOf !== undefined && !isMultiple(value, multipleOf)) fail('multipleOf')
}

/** Characters as people count them: a pair of surrogates is one. */
function charsIn(text: string): number {
  let count = text.length
  for (let i = 1; i < text.length; i++) {
    const [high, low] = [text.charCodeAt(i - 1), text.charCodeAt(i)]
    if (high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
      count -= 1
      i += 1
    }
  }
  return count
}
