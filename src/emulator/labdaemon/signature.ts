import { PyError } from './python-error.ts'
import type { PyDict, PyValue } from './python-json.ts'

/** The types LabDaemon names in a method list (LabDaemon wire contract §3, M). */
export type ParameterType = 'integer' | 'number' | 'string' | 'boolean' | 'array' | 'object' | 'null' | 'any'

/** One parameter of a Python function; without `default` it is required. */
export interface Parameter {
  readonly name: string
  readonly type: ParameterType
  readonly default?: PyValue
}

/** Binds a call's arguments to parameters, in order, or raises what Python raises. `name` is `Class.method`. */
export function bind(
  name: string,
  parameters: readonly Parameter[],
  args: readonly PyValue[],
  kwargs: PyDict,
): PyValue[] {
  const bound = new Map<string, PyValue>()
  parameters.forEach((parameter, index) => {
    const value = args[index]
    if (value !== undefined) bound.set(parameter.name, value)
  })
  for (const [key, value] of Object.entries(kwargs)) {
    if (!parameters.some((parameter) => parameter.name === key))
      throw new PyError('TypeError', `${name}() got an unexpected keyword argument '${key}'`)
    if (bound.has(key)) throw new PyError('TypeError', `${name}() got multiple values for argument '${key}'`)
    bound.set(key, value)
  }
  if (args.length > parameters.length) throw tooMany(name, parameters, args.length)
  const missing: string[] = []
  const values = parameters.map((parameter) => {
    const given = bound.get(parameter.name)
    const value = given === undefined ? parameter.default : given
    if (value === undefined) missing.push(parameter.name)
    return value ?? null
  })
  if (missing.length > 0) throw new PyError('TypeError', `${name}() missing ${listMissing(missing)}`)
  return values
}

function tooMany(name: string, parameters: readonly Parameter[], given: number): PyError {
  const most = parameters.length + 1
  const least = parameters.filter((parameter) => parameter.default === undefined).length + 1
  const takes =
    least === most
      ? `${most} positional argument${most === 1 ? '' : 's'}`
      : `from ${least} to ${most} positional arguments`
  return new PyError('TypeError', `${name}() takes ${takes} but ${given + 1} were given`)
}

function listMissing(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`)
  const last = quoted.pop() ?? ''
  const comma = quoted.length > 1 ? ',' : ''
  const list = quoted.length > 0 ? `${quoted.join(', ')}${comma} and ${last}` : last
  return `${names.length} required positional argument${names.length === 1 ? '' : 's'}: ${list}`
}
