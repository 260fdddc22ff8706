import { isOwnHost } from './own-host.ts'
import { finiteOf, isRecord, own, sameJson, textOf, type WireRecord } from './values.ts'

/*
 * What the values of an output are (inference.sh wire contract §9): files by the app's schema, then by their form.
 */

/** How a file can be shown. `file`: only named and linked. */
export type FileKind = 'image' | 'video' | 'audio' | 'text' | 'json' | 'file'

/**
 * How any value can be shown. `link`: an address that is not known to be a file; `list`: files beside each other;
 * `nested`: data with files somewhere in it.
 */
export type ValueKind = FileKind | 'link' | 'markdown' | 'number' | 'boolean' | 'empty' | 'list' | 'nested'

export interface OutputFile {
  /** As the app gave it; text for people, never a link. */
  uri: string
  /** The same where it may become a link or media; null for all schemes but http, https and blob. */
  url: string | null
  kind: FileKind
  name: string
  contentType: string | null
  /** Bytes, as the app said. */
  size: number | null
}

const LINKED: ReadonlySet<string> = new Set(['http:', 'https:', 'blob:'])

/** The address in a form that may become a link or media; null where it may not. */
export function linkOf(uri: unknown): string | null {
  if (typeof uri !== 'string' || uri.length > 65_536) return null
  const text = uri.trim()
  // eslint-disable-next-line no-control-regex -- browsers drop them, so that they hide a scheme
  if (text === '' || /[\s\u0000-\u001f\u007f]/.test(text)) return null
  try {
    const url = new URL(text)
    return LINKED.has(url.protocol) && (url.protocol === 'blob:' || url.host !== '') ? url.href : null
  } catch {
    return null
  }
}

const BY_EXTENSION: Readonly<Record<string, FileKind>> = {
  ...kinds('image', 'png jpg jpeg jpe jfif gif webp avif svg bmp ico heic heif tif tiff apng'),
  ...kinds('video', 'mp4 m4v mov webm mkv avi ogv mpeg mpg'),
  ...kinds('audio', 'mp3 wav ogg oga flac aac m4a opus aiff'),
  ...kinds('text', 'txt md markdown log csv tsv srt vtt yaml yml toml ini'),
  ...kinds('json', 'json jsonl ndjson geojson'),
}

function kinds(kind: FileKind, extensions: string): Record<string, FileKind> {
  return Object.fromEntries(extensions.split(' ').map((extension) => [extension, kind]))
}

/** What a content type is shown as; null where it tells nothing. */
export function kindByType(contentType: string | null): FileKind | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === '' || type === 'application/octet-stream' || type === 'binary/octet-stream') return null
  const [family] = type.split('/')
  if (family === 'image' || family === 'video' || family === 'audio') return family
  if (type === 'application/json' || type === 'application/x-ndjson' || type.endsWith('+json')) return 'json'
  // A page of markup is a file like any other: it is never shown as part of Weir.
  if (family === 'text' && type !== 'text/html' && type !== 'text/xml') return 'text'
  return 'file'
}

function extensionOf(name: string): string | null {
  return /\.([A-Za-z0-9]{1,12})$/.exec(name)?.[1]?.toLowerCase() ?? null
}

/** The last part of an address's path, without query and fragment. */
function nameIn(uri: string): string {
  const path = uri.split(/[?#]/, 1)[0] ?? ''
  const name = path.slice(path.lastIndexOf('/') + 1).slice(-256)
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function kindByName(...names: (string | null)[]): FileKind | null {
  for (const name of names) {
    const extension = name === null ? null : extensionOf(name)
    if (extension !== null && Object.hasOwn(BY_EXTENSION, extension)) return BY_EXTENSION[extension]!
  }
  return null
}

/**
 * The file that a value stands for; null when it is none. An address in text is a file where the schema says so,
 * where its ending says so, or where the service keeps its files.
 */
export function fileOf(value: unknown, schema?: unknown, root: unknown = schema): OutputFile | null {
  if (typeof value === 'string') {
    const url = linkOf(value)
    const declared = fileSchemaKind(schema, root)
    if (url === null && declared === null) return null
    const kind = kindByName(nameIn(value)) ?? declared
    if (kind === null && !isOwnHost(value)) return null
    return value === ''
      ? null
      : {
          uri: value,
          url,
          kind: kind ?? 'file',
          name: nameIn(value) || value.slice(0, 256),
          contentType: null,
          size: null,
        }
  }
  if (!isRecord(value)) return null
  const uri = textOf(own(value, 'uri'))
  if (uri === null) return null
  const contentType = textOf(own(value, 'content_type'))
  const filename = textOf(own(value, 'filename'))
  const path = textOf(own(value, 'path'))
  const size = finiteOf(own(value, 'size'))
  return {
    uri,
    url: linkOf(uri),
    kind:
      kindByType(contentType) ??
      kindByName(nameIn(uri), filename, path && nameIn(path)) ??
      fileSchemaKind(schema, root) ??
      'file',
    name: filename ?? (nameIn(uri) || uri.slice(0, 256)),
    contentType,
    size: size !== null && size >= 0 ? size : null,
  }
}

/** How a value is best shown. Files whose address may not be opened are shown as the text they are. */
export function kindOf(value: unknown, schema?: unknown, root: unknown = schema): ValueKind {
  if (value === null || value === undefined || value === '') return 'empty'
  const file = fileOf(value, schema, root)
  if (file?.url) return file.kind
  if (typeof value === 'string') return linkOf(value) === null ? 'markdown' : 'link'
  if (typeof value === 'number') return 'number'
  if (typeof value === 'boolean') return 'boolean'
  if (Array.isArray(value)) {
    if (value.length === 0) return 'empty'
    const items = itemSchema(schema, root)
    if (value.some((item) => fileOf(item, items, root)?.url)) return 'list'
  }
  return filesIn(value, schema, root).some(({ file: { url } }) => url !== null) ? 'nested' : 'json'
}

const DEEPEST = 32
const MOST_FILES = 1_000

/** All files in an output with their paths (`gallery.1`), as deep and as many as somebody could look at. */
export function filesIn(
  output: unknown,
  schema?: unknown,
  root: unknown = schema,
): { path: string; file: OutputFile }[] {
  const found: { path: string; file: OutputFile }[] = []
  const walk = (value: unknown, path: string, type: unknown, depth: number): void => {
    if (found.length >= MOST_FILES) return
    const file = fileOf(value, type, root)
    if (file) found.push({ path, file })
    else if (depth < DEEPEST) {
      const join = (key: string) => (path === '' ? key : `${path}.${key}`)
      if (Array.isArray(value)) {
        const items = itemSchema(type, root)
        for (const [index, item] of value.entries()) walk(item, join(String(index)), items, depth + 1)
      } else if (isRecord(value))
        for (const [key, item] of Object.entries(value))
          walk(item, join(key), fieldSchema(type, key, root), depth + 1)
    }
  }
  walk(output, '', schema, 0)
  return found
}

/** Top-level fields that two outputs do not share, in the order of the newer one; those that left come last. */
export function changedFields(before: unknown, after: unknown): string[] {
  const old = isRecord(before) ? before : {}
  const now = isRecord(after) ? after : {}
  return [
    ...Object.keys(now).filter((key) => !Object.hasOwn(old, key) || !sameJson(old[key], now[key])),
    ...Object.keys(old).filter((key) => !Object.hasOwn(now, key)),
  ]
}

/** True for what stands for "no output yet": nothing, or an object without fields. */
export function isEmptyOutput(output: unknown): boolean {
  return output === null || output === undefined || (isRecord(output) && Object.keys(output).length === 0)
}

/**
 * A schema with its references followed and an alternative with null taken out (§4): what remains of the
 * siblings of a `$ref` counts.
 */
export function resolveSchema(schema: unknown, root: unknown): WireRecord | null {
  let at = schema
  for (let step = 0; step < 16; step++) {
    if (!isRecord(at)) return null
    const reference = own(at, '$ref')
    if (typeof reference === 'string') {
      const target = atPointer(reference, root)
      if (!isRecord(target)) return null
      const { $ref: _, ...siblings } = at
      at = { ...target, ...siblings }
      continue
    }
    const choices = own(at, 'anyOf') ?? own(at, 'oneOf')
    if (Array.isArray(choices)) {
      const real = choices.filter((choice) => !isRecord(choice) || own(choice, 'type') !== 'null')
      if (real.length === 1 && isRecord(real[0])) {
        const { anyOf: _, oneOf: __, ...siblings } = at
        at = { ...real[0], ...siblings }
        continue
      }
    }
    return at
  }
  return null
}

function atPointer(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#/')) return undefined
  let at = root
  for (const part of reference.slice(2).split('/')) {
    if (!isRecord(at)) return undefined
    at = own(at, part.replaceAll('~1', '/').replaceAll('~0', '~'))
  }
  return at
}

const MEDIA_FORMATS: Readonly<Record<string, FileKind>> = { image: 'image', video: 'video', audio: 'audio' }

/**
 * What a schema of one file says it is: `{type: string, format: file}`, perhaps optional, perhaps with a
 * `contentMediaType`, or a format that names the medium. `file` where it says no more; null for other schemas.
 */
function fileSchemaKind(schema: unknown, root: unknown = schema): FileKind | null {
  const resolved = resolveSchema(schema, root)
  if (resolved === null) return null
  const format = textOf(own(resolved, 'format'))
  const medium = format !== null && Object.hasOwn(MEDIA_FORMATS, format) ? MEDIA_FORMATS[format]! : null
  const byType = kindByType(textOf(own(resolved, 'contentMediaType')))
  if (format === 'file' || medium !== null) return byType ?? medium ?? 'file'
  // A type alone may be that of the text itself.
  return (format === 'uri' || format === 'url') && byType !== null ? byType : null
}

/** True for a schema of one file. */
export function isFileSchema(schema: unknown, root: unknown = schema): boolean {
  return fileSchemaKind(schema, root) !== null
}

/** The schema of a field: its own, else the one for all that have none. */
export function fieldSchema(schema: unknown, key: string, root: unknown): unknown {
  const resolved = resolveSchema(schema, root) ?? {}
  const fields = own(resolved, 'properties')
  return (isRecord(fields) ? own(fields, key) : undefined) ?? own(resolved, 'additionalProperties')
}

export function itemSchema(schema: unknown, root: unknown): unknown {
  return own(resolveSchema(schema, root) ?? {}, 'items')
}
