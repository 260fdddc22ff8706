import type * as z from 'zod/mini'
import { realClock, type Clock } from '#lib/clock.ts'
import type { Fetch } from '#lib/fetch.ts'
import { errorFrom, foreign, LabDaemonError } from './errors.ts'
import { parsePythonJson } from './json.ts'
import { resultText } from './result-text.ts'
import * as schema from './schemas.ts'

/** A slow device call stops the whole server for its length: LabDaemon wire contract §5.12. */
const PATIENCE_MS = 35_000
/** What fetch calls a connection that the other side has closed. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET'])

/**
 * All endpoints of a LabDaemon server but its streams, typed and validated. Every failure is a
 * LabDaemonError. Nothing that may change something is ever sent twice.
 */
export class LabDaemonClient {
  readonly #base: string
  readonly #fetch: Fetch
  readonly #clock: Clock

  /** @param base URL of the server; a path is kept, a slash at its end is not */
  constructor(base: string, fetch: Fetch, clock: Clock = realClock) {
    this.#base = base.replace(/\/+$/, '')
    this.#fetch = fetch
    this.#clock = clock
  }

  root(timeoutMs?: number) {
    return this.#json('GET', '/', schema.rootBody, undefined, timeoutMs)
  }

  health(timeoutMs = 5_000) {
    return this.#json('GET', '/health', schema.healthBody, undefined, timeoutMs)
  }

  /** The task list in order of start; rows that cannot be addressed are left out. */
  async tasks(): Promise<schema.TaskRow[]> {
    const body = await this.#json('GET', '/tasks', schema.tasksBody)
    return validRows(body.tasks, schema.taskRow)
  }

  /** One task. `text` is the raw body: it keeps numbers that JavaScript would round. */
  async task(id: string): Promise<{ task: schema.TaskBody; text: string }> {
    const text = await this.#text('GET', `/tasks/${enc(id)}`)
    return { task: this.#validate(text, schema.taskBody), text }
  }

  taskError(id: string) {
    return this.#json('GET', `/tasks/${enc(id)}/error`, schema.errorBody)
  }

  async clearTaskError(id: string): Promise<void> {
    await this.#text('DELETE', `/tasks/${enc(id)}/error`)
  }

  start(id: string, type: string, params: Record<string, unknown>) {
    return this.#json('POST', '/tasks', schema.startBody, { task_id: id, task_type: type, params })
  }

  steer(id: string, verb: 'cancel' | 'pause' | 'resume') {
    return this.#json('POST', `/tasks/${enc(id)}/${verb}`, schema.statusBody)
  }

  setParameter(id: string, key: string, value: unknown) {
    return this.#json('POST', `/tasks/${enc(id)}/parameters`, schema.statusBody, { key, value })
  }

  /** All devices in order of creation; rows that cannot be addressed are left out. */
  async devices(): Promise<schema.DeviceBody[]> {
    const body = await this.#json('GET', '/devices', schema.devicesBody)
    return validRows(body.devices, schema.deviceBody)
  }

  device(id: string) {
    return this.#json('GET', `/devices/${enc(id)}`, schema.deviceBody)
  }

  methods(id: string) {
    return this.#json('GET', `/devices/${enc(id)}/methods`, schema.methodsBody)
  }

  addDevice(id: string, type: string, params: Record<string, unknown>) {
    return this.#json('POST', '/devices', schema.deviceBody, { device_id: id, device_type: type, params })
  }

  connect(id: string) {
    return this.#json('POST', `/devices/${enc(id)}/connect`, schema.connectionBody)
  }

  disconnect(id: string) {
    return this.#json('POST', `/devices/${enc(id)}/disconnect`, schema.connectionBody)
  }

  /** Calls a method; gives its result's JSON as the server wrote it. */
  async call(id: string, method: string, args: unknown[], kwargs: Record<string, unknown>): Promise<string> {
    const text = await this.#text('POST', `/devices/${enc(id)}/call`, { method, args, kwargs })
    return resultText(text, this.#validate(text, schema.callBody).result, 'success')
  }

  deviceError(id: string) {
    return this.#json('GET', `/devices/${enc(id)}/error`, schema.errorBody)
  }

  async clearDeviceError(id: string): Promise<void> {
    await this.#text('DELETE', `/devices/${enc(id)}/error`)
  }

  stopStream(id: string) {
    return this.#json('POST', `/devices/${enc(id)}/stream/stop`, schema.streamStopBody)
  }

  /** Opens a device's stream; the body is the caller's to read to its end. Only the stream queue may call it. */
  async stream(id: string, signal: AbortSignal): Promise<Response> {
    let response: Response
    try {
      response = await this.#fetch(`${this.#base}/stream/devices/${enc(id)}`, {
        headers: { accept: 'text/event-stream' },
        signal,
      })
    } catch (error) {
      throw unreachable(error)
    }
    if (!response.ok) throw errorFrom(response.status, await response.text())
    if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw foreign(response.status, await response.text())
    return response
  }

  async #json<T extends z.ZodMiniType>(
    method: string,
    path: string,
    type: T,
    body?: unknown,
    timeoutMs?: number,
  ): Promise<z.output<T>> {
    return this.#validate(await this.#text(method, path, body, timeoutMs), type)
  }

  #validate<T extends z.ZodMiniType>(text: string, type: T): z.output<T> {
    let value: unknown
    try {
      value = parsePythonJson(text)
    } catch {
      throw foreign(200, text)
    }
    const result = type.safeParse(value)
    if (!result.success) throw foreign(200, text)
    return result.data
  }

  async #text(method: string, path: string, body?: unknown, timeoutMs = PATIENCE_MS): Promise<string> {
    const abort = new AbortController()
    const timer = this.#clock.setTimeout(() => {
      abort.abort(
        new LabDaemonError(
          'timeout',
          'NotAnswering',
          `no answer to ${method} ${path} within ${timeoutMs / 1000} s`,
        ),
      )
    }, timeoutMs)
    const aborted = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => {
        reject(abort.signal.reason as LabDaemonError)
      })
    })
    const exchange = async () => {
      const response = await this.#fetch(this.#base + path, {
        method,
        signal: abort.signal,
        // After this answer the server closes the connection, come what may (LabDaemon wire contract §5.18).
        ...(method === 'DELETE' ? { headers: { connection: 'close' } } : {}),
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await response.text()
      if (!response.ok) throw errorFrom(response.status, text)
      return text
    }
    const attempt = () =>
      Promise.race([exchange(), aborted]).catch((error: unknown) => {
        throw error instanceof LabDaemonError ? error : unreachable(error)
      })
    try {
      return await attempt()
    } catch (error) {
      // After some answers (plain 500, DELETE) the server closes a connection that looks fit to be used again.
      if (method === 'GET' && error instanceof LabDaemonError && CLOSED.has(error.type))
        return await attempt()
      throw error
    } finally {
      this.#clock.clearTimeout(timer)
    }
  }
}

function validRows<T extends z.ZodMiniType>(rows: readonly unknown[], type: T): z.output<T>[] {
  return rows.flatMap((row) => {
    const result = type.safeParse(row)
    return result.success ? [result.data] : []
  })
}

/** Node hides the cause one level down ("fetch failed" → ECONNREFUSED). */
function unreachable(error: unknown): LabDaemonError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = (cause as { code?: unknown }).code
  const words =
    code === 'ECONNREFUSED'
      ? 'connection refused'
      : code === 'ECONNRESET'
        ? 'connection reset'
        : code === 'ENOTFOUND'
          ? 'host not found'
          : cause instanceof Error
            ? cause.message || cause.name
            : String(cause)
  return new LabDaemonError('unreachable', typeof code === 'string' ? code : 'Unreachable', words)
}

const enc = encodeURIComponent
