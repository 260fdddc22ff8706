import {
  fieldSchema,
  fileOf,
  filesIn,
  itemSchema,
  kindOf,
  type OutputFile,
  type ValueKind,
} from '#protocols/inference/output.ts'
import { JSON_OBJECT, JsonIndexer, JsonSyntaxError, keyOf, rawValue } from './json-index.ts'

/** One top-level value of an output. */
export interface OutputField {
  /** Empty for an output that is one value alone. */
  key: string
  /** The value's own JSON, with numbers as they were sent. */
  raw: string
  value: unknown
  kind: ValueKind
  /** The files of it: one, those of a list, or those somewhere in it. */
  files: OutputFile[]
}

/** Longer outputs are shown as a tree alone. */
const MOST_CHARS = 2_000_000
const MOST_FIELDS = 200

/**
 * The fields of an output, in their order; null where it cannot be told apart into fields: it is no JSON, or too
 * long.
 * @param origin where this page comes from: the relay names its own files by their path
 * @param schema the app's, where it is known: it says what is a file
 */
export function fieldsOf(json: string, origin: string, schema: unknown = null): OutputField[] | null {
  if (json.length > MOST_CHARS) return null
  const indexer = new JsonIndexer(json)
  try {
    indexer.run()
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null
    throw error
  }
  const index = indexer.index()
  if (index.kind[0] !== JSON_OBJECT) return [fieldOf('', json, origin, schema, schema)]
  const fields: OutputField[] = []
  for (
    let node = 1;
    node < index.count && fields.length < MOST_FIELDS;
    node = index.next[node] ?? index.count
  )
    fields.push(namedField(keyOf(index, node) ?? '', rawValue(index, node)))
  return fields

  function namedField(key: string, raw: string) {
    return fieldOf(key, raw, origin, fieldSchema(schema, key, schema), schema)
  }
}

function fieldOf(key: string, raw: string, origin: string, schema: unknown, root: unknown): OutputField {
  const value = withOrigin(parsed(raw), origin)
  const kind = kindOf(value, schema, root)
  return { key, raw, value, kind, files: filesOf(value, kind, schema, root) }
}

function filesOf(value: unknown, kind: ValueKind, schema: unknown, root: unknown): OutputFile[] {
  if (kind === 'nested')
    return filesIn(value, schema, root).flatMap(({ file }) => (file.url === null ? [] : [file]))
  if (kind === 'list' && Array.isArray(value)) {
    const items = itemSchema(schema, root)
    return value.flatMap((item) => fileOf(item, items, root) ?? [])
  }
  const file = fileOf(value, schema, root)
  return file?.url ? [file] : []
}

/** Python's NaN and Infinity are no JSON: they stay the words they are. */
function parsed(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return raw
  }
}

/** Paths of the relay's own files become addresses. */
function withOrigin(value: unknown, origin: string): unknown {
  if (typeof value === 'string') return value.startsWith('/api/') ? origin + value : value
  if (Array.isArray(value)) return value.map((item: unknown) => withOrigin(item, origin))
  if (typeof value === 'object' && value !== null && 'uri' in value && typeof value.uri === 'string')
    return { ...value, uri: withOrigin(value.uri, origin) }
  return value
}

/** True when a person sees more in the fields than in the bare data: files, or text of some length. */
export function isWorthFields(fields: readonly OutputField[]): boolean {
  return fields.some((field) => field.files.length > 0)
}

/** Whether text uses Markdown: only then is it read as such. Each expression looks at a character once. */
export function looksLikeMarkdown(text: string): boolean {
  return (
    /^(#{1,6} |[-*+] |\d{1,3}[.)] |> |```|~~~|\|.+\|\s*$)/m.test(text) ||
    /\*\*\S[^\n]*?\S?\*\*|`[^`\n]+`|\[[^[\]\n]*\]\([^)[\s]+\)|(^|\W)_[^_\n]+_(\W|$)/.test(text)
  )
}
