import type * as z from 'zod/mini'
import { realClock, type Clock } from '#lib/clock.ts'
import { withinDepth } from '#lib/json-depth.ts'
import type { Fetch } from '#lib/fetch.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { streamDeviceOf } from './stream-devices.ts'
import { isRedirect, redirectTarget, unreachable } from '../unreachable.ts'
import { namesOf, unaddressable, whyUnaddressable, whyUnfound } from './address.ts'
import { errorFrom, foreign, LabDaemonError } from './errors.ts'
import { parsePythonExact, parsePythonJson } from './json.ts'
import { resultText } from './result-text.ts'
import * as schema from './schemas.ts'

/** A slow device call stops the whole server for its length: LabDaemon wire contract §5.12. */
const PATIENCE_MS = 35_000
/** What fetch calls a connection that the other side has closed. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET'])

/**
 * All endpoints of a LabDaemon server, typed and validated. Every failure is a LabDaemonError. Nothing that may
 * change something is ever sent twice, and no redirect is followed: where it leads is another server.
 */
export class LabDaemonClient {
  readonly #base: string
  readonly #fetch: Fetch
  readonly #clock: Clock
  readonly #secrets: readonly string[]
  /** Ids of the newest lists that are no texts, as Weir calls them, and why they cannot be asked for. */
  #oddTasks: ReadonlyMap<string, string> = new Map()
  #oddDevices: ReadonlyMap<string, string> = new Map()

  /**
   * @param base URL of the server; a path is kept, a slash at its end is not
   * @param secrets texts that let Weir in: a server that repeats them must not carry them to a page
   */
  constructor(base: string, fetch: Fetch, clock: Clock = realClock, secrets: readonly string[] = []) {
    this.#base = base.replace(/\/+$/, '')
    this.#fetch = fetch
    this.#clock = clock
    this.#secrets = secrets
  }

  root(timeoutMs?: number) {
    return this.#json('GET', '/', schema.rootBody, undefined, timeoutMs)
  }

  health(timeoutMs = 5_000) {
    return this.#json('GET', '/health', schema.healthBody, undefined, timeoutMs)
  }

  /** The task list in order of start. */
  async tasks(): Promise<Listed<schema.TaskRow>> {
    const { tasks } = await this.#json('GET', '/tasks', schema.tasksBody)
    const { rows, unread } = readRows(tasks, schema.taskRow, 'task_id')
    const names = namesOf(rows.map((row) => row.task_id))
    this.#oddTasks = oddOnes(rows.map((row) => row.task_id))
    return { rows: rows.map((row, i) => ({ ...row, task_id: names[i]! })), unread }
  }

  /** Why the server cannot be asked for this task, half a sentence about its id; null when it can be. */
  whyNoTask(id: string): string | null {
    return this.#oddTasks.get(id) ?? whyUnaddressable(id)
  }

  /** The same for the stream through which the task reports. */
  whyNoStream(id: string): string | null {
    return this.#oddTasks.get(id) ?? whyUnaddressable(streamDeviceOf(id))
  }

  /** One task. `text` is the raw body: it keeps numbers that JavaScript would round. */
  async task(id: string): Promise<{ task: schema.TaskBody; text: string }> {
    const text = await this.#text('GET', `/tasks/${this.#task(id)}`)
    return { task: this.#validate(text, schema.taskBody), text }
  }

  async taskError(id: string) {
    return this.#json('GET', `/tasks/${this.#task(id)}/error`, schema.errorBody)
  }

  async clearTaskError(id: string): Promise<void> {
    await this.#text('DELETE', `/tasks/${this.#task(id)}/error`)
  }

  start(id: string, type: string, params: Record<string, unknown>) {
    return this.#json('POST', '/tasks', schema.startBody, { task_id: id, task_type: type, params })
  }

  async steer(id: string, verb: 'cancel' | 'pause' | 'resume') {
    return this.#json('POST', `/tasks/${this.#task(id)}/${verb}`, schema.statusBody)
  }

  async setParameter(id: string, key: string, value: unknown) {
    return this.#json('POST', `/tasks/${this.#task(id)}/parameters`, schema.statusBody, { key, value })
  }

  /** All devices in order of creation. */
  async devices(): Promise<Listed<schema.DeviceBody>> {
    const { devices } = await this.#json('GET', '/devices', schema.devicesBody)
    const { rows, unread } = readRows(devices, schema.deviceRow, 'device_id')
    const names = namesOf(rows.map((row) => row.device_id))
    this.#oddDevices = oddOnes(rows.map((row) => row.device_id))
    return {
      rows: rows.map((row, i) => ({
        ...row,
        device_id: names[i]!,
        owned_by: row.owned_by === null ? null : String(row.owned_by),
      })),
      unread,
    }
  }

  async device(id: string) {
    return this.#json('GET', `/devices/${this.#device(id)}`, schema.deviceBody)
  }

  async methods(id: string) {
    const text = await this.#text('GET', `/devices/${this.#device(id)}/methods`)
    return this.#validate(text, schema.methodsBody, parsePythonExact)
  }

  addDevice(id: string, type: string, params: Record<string, unknown>) {
    return this.#json('POST', '/devices', schema.deviceBody, { device_id: id, device_type: type, params })
  }

  async connect(id: string) {
    return this.#json('POST', `/devices/${this.#device(id)}/connect`, schema.connectionBody)
  }

  async disconnect(id: string) {
    return this.#json('POST', `/devices/${this.#device(id)}/disconnect`, schema.connectionBody)
  }

  /** Calls a method; gives its result's JSON as the server wrote it. */
  async call(id: string, method: string, args: unknown[], kwargs: Record<string, unknown>): Promise<string> {
    const text = await this.#text('POST', `/devices/${this.#device(id)}/call`, { method, args, kwargs })
    this.#validate(text, schema.callBody)
    return resultText(text, 'success')
  }

  async deviceError(id: string) {
    return this.#json('GET', `/devices/${this.#device(id)}/error`, schema.errorBody)
  }

  async clearDeviceError(id: string): Promise<void> {
    await this.#text('DELETE', `/devices/${this.#device(id)}/error`)
  }

  async stopStream(id: string) {
    return this.#json('POST', `/devices/${this.#device(id)}/stream/stop`, schema.streamStopBody)
  }

  /** Opens a device's stream; the body is the caller's to read to its end. Only the stream queue may call it. */
  async stream(id: string, signal: AbortSignal): Promise<Response> {
    let response: Response
    try {
      response = await this.#fetch(`${this.#base}/stream/devices/${this.#device(id)}`, {
        headers: { accept: 'text/event-stream' },
        redirect: 'manual',
        signal,
      })
    } catch (error) {
      throw failure(error)
    }
    await this.#refuse(response)
    if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw foreign(response.status, this.#clean(await response.text()))
    return response
  }

  /** Throws for an answer that is a refusal, or that sends elsewhere. */
  async #refuse(response: Response): Promise<void> {
    if (isRedirect(response)) {
      response.body?.cancel().catch(() => undefined)
      const to = redirectTarget(response.headers.get('location'), `${this.#base}/`)
      throw new LabDaemonError(
        'redirect',
        'Redirect',
        this.#clean(`it redirects to ${to ?? 'another address'}, where Weir does not go`),
        response.status ? { status: response.status } : {},
      )
    }
    if (!response.ok) throw errorFrom(response.status, this.#clean(await response.text()), response.headers)
  }

  #clean(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
  }

  #task(id: string): string {
    return segment(id, this.whyNoTask(id))
  }

  #device(id: string): string {
    return segment(id, this.#oddDevices.get(id) ?? whyUnaddressable(id))
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

  #validate<T extends z.ZodMiniType>(text: string, type: T, parse = parsePythonJson): z.output<T> {
    let value: unknown
    try {
      value = parse(text)
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
        redirect: 'manual',
        signal: abort.signal,
        // After this answer the server closes the connection, come what may (LabDaemon wire contract §5.18).
        ...(method === 'DELETE' ? { headers: { connection: 'close' } } : {}),
        ...(body === undefined
          ? {}
          : { body: stringifyExact(body), headers: { 'content-type': 'application/json' } }),
      })
      await this.#refuse(response)
      return withinDepth(this.#clean(await response.text()))
    }
    const attempt = () =>
      Promise.race([exchange(), aborted]).catch((error: unknown) => {
        throw failure(error)
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

/** Rows of a list, and of those that could not be read what they are and why. */
export interface Listed<T> {
  rows: T[]
  unread: { item: string; why: string }[]
}

/** A row that cannot be read costs itself alone. */
function readRows<T extends z.ZodMiniType>(rows: readonly unknown[], type: T, idField: string) {
  const read: Listed<z.output<T>> = { rows: [], unread: [] }
  for (const [index, row] of rows.entries()) {
    const result = type.safeParse(row)
    if (result.success) read.rows.push(result.data)
    else {
      const id = (row as Record<string, unknown> | null)?.[idField]
      const item = typeof id === 'string' ? id : `number ${index + 1} of the list`
      const issue = result.error.issues[0]
      read.unread.push({
        item,
        why: `${issue?.path.join('.') || 'entry'}: ${issue?.message ?? 'unreadable'}`,
      })
    }
  }
  return read
}

function oddOnes(ids: readonly (string | number | boolean)[]): Map<string, string> {
  const names = namesOf(ids)
  return new Map(
    ids.flatMap((id, i): [string, string][] =>
      typeof id === 'string' ? [] : [[names[i]!, whyUnfound(id) ?? '']],
    ),
  )
}

function failure(error: unknown): LabDaemonError {
  if (error instanceof LabDaemonError) return error
  const { code, words } = unreachable(error)
  return new LabDaemonError('unreachable', code ?? 'Unreachable', words)
}

function segment(id: string, why: string | null): string {
  if (why !== null) throw unaddressable(why)
  return encodeURIComponent(id)
}
