import { bounded } from '#lib/detached.ts'
import { withinDepth } from '#lib/json-depth.ts'
import { parseExact } from '#lib/exact-json.ts'
import { problemMessage } from './envelope.ts'
import { finiteOf, isRecord, own, textOf, type WireRecord } from './values.ts'

/** A line of a stream, by what it is. Streams are never enveloped. */
export type WireLine =
  /** Blank, or JSON that is no object: it says nothing. */
  | { shape: 'nothing' }
  /** The connection lives; whatever else it carries is not looked at. */
  | { shape: 'heartbeat' }
  /** The object as it stands; a key that is absent says nothing. */
  | { shape: 'snapshot'; data: WireRecord }
  /** Only the named fields count: the object may be whole, with nulls for all the rest. */
  | { shape: 'partial'; data: WireRecord; fields: string[] }
  | { shape: 'delta'; delta: WireRecord; seq: number | null; resourceId: string | null }
  /** Of a name that the stream of a task does not have. */
  | { shape: 'event'; name: string; data: unknown; fields: string[] | null }
  /** The server speaks of an error; the stream goes on. */
  | { shape: 'error'; message: string; status: number | null }
  /** The server takes leave. */
  | { shape: 'done'; data: WireRecord | null }
  | { shape: 'malformed'; raw: string; why: string }

const NOTHING: WireLine = { shape: 'nothing' }
const LONGEST_RAW = 2_000
const BYTE_ORDER_MARK = 0xfeff

/** Names under which the stream of a task sends its task. */
const PLAIN: ReadonlySet<string> = new Set(['', 'message', 'update', 'tasks', 'task'])

/** Reads a line of an NDJSON stream (inference.sh wire contract §6). Total: what cannot be read is `malformed`. */
export function readLine(line: string): WireLine {
  const text = line.charCodeAt(0) === BYTE_ORDER_MARK ? line.slice(1) : line
  if (text.trim() === '') return NOTHING
  let value: unknown
  try {
    value = parseExact(withinDepth(text))
  } catch {
    return malformed(text)
  }
  return isRecord(value) ? shapeOf(value) : NOTHING
}

/**
 * Reads a message of an event stream: the same payloads, with the event's name where there is one. Comments,
 * `id` and `retry` are the parser's.
 */
export function readSse(event: string | undefined, data: string): WireLine {
  const name = event ?? ''
  if (name === 'heartbeat' || name === 'ping') return { shape: 'heartbeat' }
  if (name === 'error') {
    const value = parsed(data)
    return errorOf(isRecord(value) ? value : data)
  }
  if (name === 'done' || !PLAIN.has(name)) {
    if (data.trim() === '') return name === 'done' ? { shape: 'done', data: null } : NOTHING
    const value = parsed(data)
    if (value === undefined) return name === 'done' ? { shape: 'done', data: null } : malformed(data)
    return eventOf(name, isRecord(value) && value['event'] === name ? value : { data: value })
  }
  return readLine(data)
}

function parsed(text: string): unknown {
  try {
    return parseExact(withinDepth(text))
  } catch {
    return undefined
  }
}

function shapeOf(value: WireRecord): WireLine {
  if (own(value, 'type') === 'heartbeat') return { shape: 'heartbeat' }
  const name = own(value, 'event')
  if (typeof name === 'string') return eventOf(name, value)
  if (isProblem(value)) return errorOf(value)
  // A task has no field `data`, an envelope no `id`.
  if (Object.hasOwn(value, 'data') && typeof own(value, 'id') !== 'string')
    return dataOf(own(value, 'data'), own(value, 'fields'))
  return { shape: 'snapshot', data: value }
}

function dataOf(data: unknown, fields: unknown): WireLine {
  if (!isRecord(data)) return NOTHING
  return Array.isArray(fields)
    ? { shape: 'partial', data, fields: namesIn(fields) }
    : { shape: 'snapshot', data }
}

function namesIn(fields: readonly unknown[]): string[] {
  return fields.filter((field): field is string => typeof field === 'string')
}

/** `wrapped` is `{data, fields?}`; over SSE, an unwrapped payload comes as its `data`. */
function eventOf(name: string, wrapped: WireRecord): WireLine {
  let data = own(wrapped, 'data')
  let fields = own(wrapped, 'fields')
  if (
    isRecord(data) &&
    !Array.isArray(fields) &&
    Array.isArray(own(data, 'fields')) &&
    isRecord(own(data, 'data'))
  ) {
    fields = own(data, 'fields')
    data = own(data, 'data')
  }
  if (PLAIN.has(name)) return dataOf(data, fields)
  switch (name) {
    case 'heartbeat':
    case 'ping':
      return { shape: 'heartbeat' }
    case 'delta':
      return deltaOf(data)
    case 'error':
      return errorOf(isRecord(data) || typeof data === 'string' ? data : wrapped)
    case 'done':
      return { shape: 'done', data: isRecord(data) && Object.keys(data).length > 0 ? data : null }
    default:
      return { shape: 'event', name, data, fields: Array.isArray(fields) ? namesIn(fields) : null }
  }
}

function deltaOf(data: unknown): WireLine {
  const delta = isRecord(data) ? own(data, 'delta') : undefined
  if (!isRecord(data) || !isRecord(delta)) return NOTHING
  const seq = finiteOf(own(data, 'seq'))
  return {
    shape: 'delta',
    delta,
    seq: seq !== null && Number.isSafeInteger(seq) && seq >= 0 ? seq : null,
    resourceId: textOf(own(data, 'resource_id')),
  }
}

/** A refusal or RFC 9457 body in the place of a task. */
function isProblem(value: WireRecord): boolean {
  if (typeof own(value, 'id') === 'string') return false
  if (own(value, 'success') === false || isRecord(own(value, 'error'))) return true
  const status = finiteOf(own(value, 'status'))
  return (
    status !== null &&
    status >= 400 &&
    (typeof own(value, 'title') === 'string' || typeof own(value, 'detail') === 'string')
  )
}

function errorOf(data: WireRecord | string): WireLine {
  const status = isRecord(data) ? finiteOf(own(data, 'status')) : null
  return {
    shape: 'error',
    message: problemMessage(data) ?? 'The server reported an error of the stream without saying which.',
    status: status !== null && status >= 400 && status < 600 ? status : null,
  }
}

function malformed(text: string): WireLine {
  return { shape: 'malformed', raw: bounded(text, LONGEST_RAW), why: faultOf(text) }
}

function faultOf(text: string): string {
  const start = text.trimStart()
  if (/^<(?:!doctype|html|head|body)/i.test(start)) return 'an HTML page in place of JSON'
  if (!/^[{["]/.test(start)) return 'not JSON'
  const end = text.trimEnd().at(-1)
  return end === '}' || end === ']' ? 'not JSON, although it begins like it' : 'JSON that is cut short'
}
