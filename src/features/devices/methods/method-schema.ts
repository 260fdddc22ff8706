import { stringifyExact } from '#lib/exact-json.ts'
import type { Schema, TypeName } from '#panels/schema-form/schema.ts'
import type { Method, MethodParameter } from '#protocols/weir/api.ts'
import { parseDocstring } from './docstring.ts'

const TYPES: ReadonlySet<string> = new Set<TypeName>([
  'integer',
  'number',
  'string',
  'boolean',
  'array',
  'object',
  'null',
])

/**
 * The parameters of a method as the schema of a form (LabDaemon wire contract §3): names as they are called,
 * words from the docstring, and the default said and filled in. `any`, and what no one knows, is JSON.
 */
export function schemaOfMethod(method: Method): Schema {
  const { parameters: words } = parseDocstring(method.doc)
  return {
    type: ['object'],
    properties: Object.fromEntries(
      method.parameters.map((parameter) => [parameter.name, schemaOf(parameter, words.get(parameter.name))]),
    ),
    required: method.parameters.filter(({ required }) => required).map(({ name }) => name),
  }
}

function schemaOf(parameter: MethodParameter, words: string | undefined): Schema {
  const { name, type, required } = parameter
  const hasDefault = !required && Object.hasOwn(parameter, 'default')
  const description = [
    words,
    hasDefault && `Default ${stringifyExact(parameter.default) ?? 'unknown'}.`,
    !TYPES.has(type) && 'Any value: text in double quotes.',
  ]
  // A default of None says that None is allowed, though its annotation may not.
  const types: TypeName[] = TYPES.has(type) ? [type as TypeName] : []
  if (types.length > 0 && hasDefault && parameter.default === null && type !== 'null') types.push('null')
  return {
    title: name,
    ...(types.length > 0 ? { type: types } : {}),
    ...(hasDefault ? { default: parameter.default } : {}),
    description: description.filter(Boolean).join(' '),
  }
}
