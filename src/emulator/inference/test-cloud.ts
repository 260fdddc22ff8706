import { ManualClock } from '#lib/clock.ts'
import { createInferenceCloud } from './index.ts'
import type { InferenceCloud, InferenceCloudOptions } from './index.ts'
import { isObject } from './wire.ts'
import type { JsonObject } from './wire.ts'

export const ORIGIN = 'http://127.0.0.1:5001'
export const KEY = 'inf_test'

/** When the recordings were made. */
const START = Date.UTC(2026, 9, 2, 9, 14, 3, 120)

/** A stream as a client reads it. */
interface Reading {
  readonly status: number
  readonly headers: Headers
  /** What arrived so far. */
  readonly text: string
  /** Whole lines of NDJSON, parsed. */
  readonly lines: JsonObject[]
  /** Undefined while it goes on; then `end`, or the message of what broke it. */
  readonly ended: string | undefined
  hangUp(): Promise<void>
}

/** An emulator on a clock that tests move. */
export interface TestCloud {
  readonly cloud: InferenceCloud
  readonly clock: ManualClock
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** The data of an answer. */
  get(path: string): Promise<JsonObject>
  post(path: string, body?: unknown): Promise<JsonObject>
  /** Runs an app; its task's id. */
  run(app: string, input?: object, more?: object): Promise<string>
  /** The task after so many seconds. */
  after(seconds: number, id: string): Promise<JsonObject>
  open(path: string, accept?: string): Promise<Reading>
}

export function testCloud(options: InferenceCloudOptions = {}): TestCloud {
  const clock = new ManualClock(START)
  const cloud = createInferenceCloud({ clock, preset: 'empty', ...options })
  const request: TestCloud['request'] = (method, path, body, headers = {}) =>
    cloud.fetch(
      new Request(ORIGIN + path, {
        method,
        headers: {
          authorization: `Bearer ${KEY}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    )
  const get = async (path: string) => dataOf(await request('GET', path))
  const post = async (path: string, body?: unknown) => dataOf(await request('POST', path, body))
  return {
    cloud,
    clock,
    request,
    get,
    post,
    run: async (app, input = {}, more = {}) =>
      textOf((await post('/apps/run', { app: `weirdemo/${app}`, input, ...more })).id),
    after: async (seconds, id) => {
      await clock.advance(seconds * 1_000)
      return get(`/tasks/${id}`)
    },
    open: async (path, accept = 'application/x-ndjson') =>
      read(await request('GET', path, undefined, { accept })),
  }
}

async function dataOf(response: Response): Promise<JsonObject> {
  const body: unknown = JSON.parse(await response.text())
  if (!response.ok) throw new Error(`${response.status}: ${JSON.stringify(body)}`)
  return isObject(body) && isObject(body.data) ? body.data : {}
}

function read(response: Response): Reading {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  let ended: string | undefined
  const pump = async () => {
    for (;;) {
      const chunk = await reader?.read()
      if (!chunk || chunk.done) break
      text += decoder.decode(chunk.value, { stream: true })
    }
    ended = 'end'
  }
  pump().catch((error: unknown) => {
    ended = error instanceof Error ? error.message : String(error)
  })
  return {
    status: response.status,
    headers: response.headers,
    get text() {
      return text
    },
    get lines() {
      return linesOf(text)
    },
    get ended() {
      return ended
    },
    hangUp: async () => {
      await reader?.cancel()
    },
  }
}

/** The whole lines of NDJSON. */
export function linesOf(text: string): JsonObject[] {
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as JsonObject)
}

/** A log's text, by type. */
export function logText(task: JsonObject, type: number): string {
  const logs = (task.logs ?? []) as readonly JsonObject[]
  const content = logs.find((log) => log.log_type === type)?.content
  return new TextDecoder().decode(Uint8Array.from(atob(textOf(content)), (char) => char.charCodeAt(0)))
}

const FILES = import.meta.glob<string>('../../testing/wire/inference/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** A recording in the wire format. */
export function recording(file: string): string {
  const text = FILES[`../../testing/wire/inference/${file}`]
  if (text === undefined) throw new Error(`no recording ${file}`)
  return text
}

/** A value that ought to be a string. */
export function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${JSON.stringify(value)} is no string`)
  return value
}

/** What an app decides: only its type is compared. */
const FREE = new Set([
  'input',
  'output',
  'node_outputs',
  'input_schema',
  'output_schema',
  'setup_schema',
  'meta',
])

/**
 * Keys in their order and types of values, without the values. Lists show each different shape once; an id
 * and a time have types of their own.
 */
export function shapeOf(value: unknown, key = ''): unknown {
  if (value === null) return 'null'
  if (Array.isArray(value)) {
    const shapes = value.map((each) => JSON.stringify(shapeOf(each)))
    return ['list', ...new Set(shapes)]
  }
  if (isObject(value)) {
    if (FREE.has(key)) return 'object'
    return Object.entries(value).map(([name, each]) => [name, shapeOf(each, name)])
  }
  if (typeof value !== 'string') return typeof value
  if (/^[0-9a-hjkmnp-tv-z]{26}$/.test(value)) return 'id'
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? 'time' : 'string'
}
