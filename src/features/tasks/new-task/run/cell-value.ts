import { parseJson } from '#lib/json.ts'
import { choicesOf } from '#panels/schema-form/field-kind.ts'
import { isObject, type JsonObject, type Path, type Schema } from '#panels/schema-form/schema.ts'
import { setAt } from '#panels/schema-form/value.ts'

/** What a written value stands for, by the schema of its field; without one, what JSON makes of it. */
export function cellValue(text: string, schema: Schema | undefined): unknown {
  const trimmed = text.trim()
  if (schema?.enum) {
    const choice = choicesOf(schema).find((each) => String(each) === trimmed)
    return choice ?? text
  }
  const types = schema?.type
  if (types) {
    if (types.includes('string')) return text
    if (types.includes('boolean')) {
      if (/^(?:true|yes|1)$/i.test(trimmed)) return true
      if (/^(?:false|no|0)$/i.test(trimmed)) return false
    }
  }
  const result = parseJson(trimmed)
  return result.ok ? result.value : text
}

/** Where a column belongs: a field of that name, else a place inside one (`origin.x`). */
export function columnPath(column: string, schema: Schema | null): Path {
  if (!column.includes('.') || (schema?.properties && Object.hasOwn(schema.properties, column)))
    return [column]
  return column.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

/** The input with one place set; as it was, where the value is to be left out. */
export function withValue(input: JsonObject, path: Path, value: unknown): JsonObject {
  if (value === undefined) return input
  const next = setAt(input, path, () => value)
  return isObject(next) ? next : input
}
