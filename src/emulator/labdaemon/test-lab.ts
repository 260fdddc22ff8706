import { ManualClock } from '#lib/clock.ts'
import { createLabDaemon } from './index.ts'
import type { LabDaemonEmulator, LabDaemonOptions } from './index.ts'

export const ORIGIN = 'http://127.0.0.1:5000'

/** When the recordings' servers lived. */
const START = Date.UTC(2026, 10, 20, 23, 54, 50)

/** A stream as a client reads it. */
export interface Reading {
  readonly status: number
  readonly headers: Headers
  /** What arrived so far. */
  readonly text: string
  /** Undefined while it goes on; then `end`, or the message of what broke it. */
  readonly ended: string | undefined
  hangUp(): Promise<void>
}

/** An emulator on a clock that tests move. */
export interface TestLab {
  readonly lab: LabDaemonEmulator
  readonly clock: ManualClock
  request(method: string, path: string, body?: unknown): Promise<Response>
  /** The text of a GET. */
  get(path: string): Promise<string>
  /** The parsed body of a GET. */
  json(path: string): Promise<unknown>
  post(path: string, body?: unknown): Promise<Response>
  start(id: string, type: string, params?: object): Promise<Response>
  open(deviceId: string, headers?: Record<string, string>): Promise<Reading>
}

export function testLab(options: LabDaemonOptions = {}): TestLab {
  const clock = new ManualClock(START)
  const lab = createLabDaemon({ clock, preset: 'bench', ...options })
  const request = (method: string, path: string, body?: unknown) =>
    lab.fetch(
      new Request(ORIGIN + path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    )
  const get = async (path: string) => (await request('GET', path)).text()
  const post = (path: string, body?: unknown) => request('POST', path, body)
  return {
    lab,
    clock,
    request,
    get,
    json: async (path) => JSON.parse(await get(path)) as unknown,
    post,
    start: (id, type, params = {}) => post('/tasks', { task_id: id, task_type: type, params }),
    open: async (deviceId, headers = {}) =>
      read(
        await lab.fetch(new Request(`${ORIGIN}/stream/devices/${encodeURIComponent(deviceId)}`, { headers })),
      ),
  }
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
    get ended() {
      return ended
    },
    hangUp: async () => {
      await reader?.cancel()
    },
  }
}

/** The payloads of the data events in a stream's text. */
export function payloads(text: string): string[] {
  return [...text.matchAll(/^id: \d+\r\nevent: device_data\r\ndata: (.*)\r\n/gm)].map(
    (match) => match[1] ?? '',
  )
}

/** The ids of the data events in a stream's text. */
export function ids(text: string): number[] {
  return [...text.matchAll(/^id: (\d+)\r$/gm)].map((match) => Number(match[1]))
}

export function countPings(text: string): number {
  return [...text.matchAll(/^event: ping\r$/gm)].length
}

/** Replaces what differs from run to run: times of day, times in payloads. */
export function timeless(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?\+00:00/g, 'TIME')
    .replaceAll(/"t": \d+(\.\d+)?/g, '"t": TIME')
}

const FILES = import.meta.glob<string>('../../testing/wire/labdaemon/*', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The bytes recorded from a real server. */
export function recording(file: string): string {
  const text = FILES[`../../testing/wire/labdaemon/${file}`]
  if (text === undefined) throw new Error(`no recording ${file}`)
  return text
}
