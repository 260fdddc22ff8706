import type { AppInfo } from '#protocols/weir/api.ts'
import { fieldsOf, kindOf, startObject } from '#panels/schema-form/field-kind.ts'
import { draftText, readText, startDraft, type InputDraft } from '#panels/schema-form/input-draft.ts'
import { isObject, type JsonObject, type Schema } from '#panels/schema-form/schema.ts'
import { textOf } from '#panels/schema-form/value.ts'

/** Under which name input is remembered: the default function's under the app's own. */
export function presetKey(app: AppInfo | undefined, ref: string, fn: string): string {
  return fn === '' || fn === app?.functions[0]?.name ? ref.trim() : `${ref.trim()}#${fn}`
}

/**
 * What the input becomes when its schema comes or changes: what was written goes along, the rest is what was
 * used last, or the defaults.
 */
export function inputFor(
  schema: Schema | null,
  before: { draft: InputDraft; isOwn: boolean },
  last: string | null,
): InputDraft {
  const { draft, isOwn } = before
  if (isOwn) {
    const value = draft.as === 'form' ? draft.value : readText(draft.text)
    if (typeof value === 'string') return draft
    if (!schema) return startDraft(null, value)
    // Of another form what this one has a field for; of a text all.
    const taken = draft.as === 'form' ? known(schema, value) : value
    return startDraft(schema, { ...startObject(schema), ...taken })
  }
  const remembered = last === null ? null : readText(last)
  return startDraft(schema, remembered === null || typeof remembered === 'string' ? undefined : remembered)
}

function known(schema: Schema, value: JsonObject): JsonObject {
  const names = new Set(fieldsOf(schema).map(({ name }) => name))
  return Object.fromEntries(Object.entries(value).filter(([name]) => names.has(name)))
}

/** The input as it may be remembered in this browser: what is a secret is left out. */
export function rememberedText(schema: Schema | null, draft: InputDraft): string {
  const text = draftText(draft)
  if (!schema || !hasSecrets(schema)) return text
  const value = readText(text)
  return typeof value === 'string' ? '{}' : textOf(withoutSecrets(schema, value))
}

function hasSecrets(schema: Schema): boolean {
  return Object.entries(schema.properties ?? {}).some(
    ([name, part]) => kindOf(part, name) === 'password' || hasSecrets(part),
  )
}

function withoutSecrets(schema: Schema, value: JsonObject): JsonObject {
  const properties = schema.properties ?? {}
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, part]) => {
      const known = Object.hasOwn(properties, name) ? properties[name] : undefined
      if (!known) return [[name, part]]
      if (kindOf(known, name) === 'password') return []
      return [[name, isObject(part) ? withoutSecrets(known, part) : part]]
    }),
  )
}

/** Fields that may vary in a batch, the likely ones first. */
export function fieldNames(schema: Schema | null, value: JsonObject): string[] {
  const told = schema ? fieldsOf(schema).map(({ name }) => name) : []
  return [...new Set([...told, ...Object.keys(value)])]
}

/** The field that takes a seed, as far as one can tell. */
export function seedField(names: readonly string[]): string {
  return (
    names.find((name) => name.toLowerCase() === 'seed') ?? names.find((name) => /seed/i.test(name)) ?? 'seed'
  )
}
