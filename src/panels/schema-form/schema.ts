import { isJsonObject, type ExactNumber } from '#lib/exact-json.ts'

/*
 * A JSON Schema after cleaning: references followed, nonsense left out. Whatever comes in, this comes out, so
 * that forms and checks need no second thought.
 */

export type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null'

/** A number that a schema names: 18446744073709551615 is one that no float64 is. */
export type Bound = number | ExactNumber

export interface Schema {
  /** None: anything. More than one: any of them. */
  type?: TypeName[]
  title?: string
  description?: string
  default?: unknown
  examples?: unknown[]
  enum?: unknown[]
  format?: string
  minimum?: Bound
  maximum?: Bound
  exclusiveMinimum?: Bound
  exclusiveMaximum?: Bound
  multipleOf?: Bound
  minLength?: number
  maxLength?: number
  pattern?: string
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | false
  anyOf?: Schema[]
}

export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return isJsonObject(value)
}

/** A property of the object itself, nothing that every object has. */
export function own(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Where a value is: names of properties and numbers of items. */
export type Path = readonly (string | number)[]

/** "masks 2 › name": as people read it. */
export function pathText(path: Path): string {
  return path.map((part) => (typeof part === 'number' ? `${part + 1}` : part)).join(' › ')
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index])
}
