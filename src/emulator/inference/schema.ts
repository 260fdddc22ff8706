import { badRequest, invalid } from './problem.ts'
import { isObject } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

/** Deeper than any schema made by people; a `$ref` that leads to itself ends here. */
const MAX_DEPTH = 32

/**
 * Checks an input against the schema of an app, in the dialect of the public apps (inference.sh wire contract
 * §4): a missing value is 400, a wrong one 422 (§2). What is no schema allows everything.
 */
export function checkInput(schema: unknown, input: unknown, name = 'input'): void {
  if (!isObject(schema)) return
  const fault = faultIn(schema, input, name, schema, 0)
  if (fault === undefined) return
  throw fault.endsWith(' is required') ? badRequest(fault) : invalid(fault)
}

/** The input with the defaults of its schema filled in, as an app sees it. */
export function withDefaults(schema: unknown, input: unknown): JsonObject {
  const given = isObject(input) ? input : {}
  const properties = isObject(schema) && isObject(schema.properties) ? schema.properties : {}
  const filled: Record<string, Json | undefined> = { ...given }
  for (const [key, property] of Object.entries(properties))
    if (isObject(property) && filled[key] === undefined && property.default !== undefined)
      filled[key] = property.default
  return filled
}

function faultIn(
  schema: unknown,
  value: unknown,
  path: string,
  root: JsonObject,
  depth: number,
): string | undefined {
  if (!isObject(schema) || depth > MAX_DEPTH) return undefined
  const inner = (child: unknown, below: unknown, where: string) =>
    faultIn(child, below, where, root, depth + 1)

  if (typeof schema.$ref === 'string') {
    const fault = inner(resolve(schema.$ref, root), value, path)
    if (fault !== undefined) return fault
  }
  const choices = [schema.anyOf, schema.oneOf].find((each) => Array.isArray(each)) as
    readonly unknown[] | undefined
  if (choices && choices.length > 0) {
    const faults = choices.map((choice) => inner(choice, value, path))
    if (!faults.includes(undefined)) return faults[0]
  }
  if (Array.isArray(schema.enum) && !schema.enum.includes(value as Json))
    return `${path}: ${show(value)} is none of ${schema.enum.map(show).join(', ')}`
  if (typeof schema.type === 'string' && !hasType(schema.type, value))
    return `${path}: ${show(value)} is not of type ${schema.type}`
  if (typeof value === 'number') return boundsFault(schema, value, path)
  if (Array.isArray(value)) {
    if (typeof schema.maxItems === 'number' && value.length > schema.maxItems)
      return `${path}: ${value.length} items are more than the maximum of ${schema.maxItems}`
    if (typeof schema.minItems === 'number' && value.length < schema.minItems)
      return `${path}: ${value.length} items are fewer than the minimum of ${schema.minItems}`
    return first(value.map((item, index) => inner(schema.items, item, `${path}[${index}]`)))
  }
  if (typeof value === 'string') {
    if (typeof schema.maxLength === 'number' && value.length > schema.maxLength)
      return `${path}: longer than the maximum of ${schema.maxLength} characters`
    if (typeof schema.minLength === 'number' && value.length < schema.minLength)
      return `${path}: shorter than the minimum of ${schema.minLength} characters`
  }
  return isObject(value) ? objectFault(schema, value, path, inner) : undefined
}

function objectFault(
  schema: JsonObject,
  value: JsonObject,
  path: string,
  inner: (schema: unknown, value: unknown, path: string) => string | undefined,
): string | undefined {
  if (Array.isArray(schema.required)) {
    const missing = schema.required.find((key) => typeof key === 'string' && value[key] === undefined)
    if (typeof missing === 'string') return `${path}.${missing} is required`
  }
  const properties = isObject(schema.properties) ? schema.properties : {}
  return first(
    Object.entries(properties).map(([key, property]) =>
      value[key] === undefined ? undefined : inner(property, value[key], `${path}.${key}`),
    ),
  )
}

function boundsFault(schema: JsonObject, value: number, path: string): string | undefined {
  if (typeof schema.maximum === 'number' && value > schema.maximum)
    return `${path}: ${value} is greater than the maximum of ${schema.maximum}`
  if (typeof schema.minimum === 'number' && value < schema.minimum)
    return `${path}: ${value} is less than the minimum of ${schema.minimum}`
  return undefined
}

function hasType(type: string, value: unknown): boolean {
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type
    case 'integer':
      return Number.isInteger(value)
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'null':
      return value === null
    default:
      return true
  }
}

function resolve(ref: string, root: JsonObject): unknown {
  let target: unknown = root
  for (const part of ref.replace(/^#\/?/, '').split('/'))
    target = isObject(target) ? target[part.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  return target
}

const first = (faults: readonly (string | undefined)[]) => faults.find((fault) => fault !== undefined)

const show = (value: unknown) => JSON.stringify(value)?.slice(0, 60) ?? 'nothing'
