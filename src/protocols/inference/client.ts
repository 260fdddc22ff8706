import { bounded } from '#lib/detached.ts'
import type * as z from 'zod/mini'
import { realClock, type Clock } from '#lib/clock.ts'
import type { Fetch } from '#lib/fetch.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { InferenceError, openEnvelope, type Notice } from './envelope.ts'
import { readLine, type WireLine } from './lines.ts'
import { LineSplitter } from './ndjson.ts'
import * as schema from './schemas.ts'
import { isRedirect, redirectTarget, unreachable } from '../unreachable.ts'
import { isRecord, own, textOf } from './values.ts'

const PATIENCE_MS = 30_000
/** A run may wait for a worker's answer, an upload for a slow line. */
const UPLOAD_PATIENCE_MS = 10 * 60_000
const LONGEST_BODY = 64 * 1024 * 1024

/** One page of a list (§3). All parts are optional on the wire. */
export interface ListRequest {
  cursor?: string
  direction?: 'next' | 'prev'
  limit?: number
  search?: { term: string; exact: boolean }
  filters?: { field: string; operator: string; value: unknown }[]
  sort?: { field: string; dir: 'asc' | 'desc' }[]
  include_others?: boolean
}

export interface Unread {
  item: string
  why: string
}

export interface Page<T> {
  items: T[]
  /** Entries that could not be read: what they are, as far as that can be told, and why. */
  unread: Unread[]
  /** For the next page; null when this is the last one. */
  next: string | null
  previous: string | null
  total: number | null
}

export interface RunRequest {
  /** `namespace/name`, with `@version` and `:function` where wanted. */
  app?: string
  app_id?: string
  version_id?: string
  input: unknown
  function?: string
  setup?: unknown
  infra?: 'cloud' | 'private' | 'private_first'
  workers?: string[]
  /** `new`, or the id of one. */
  session?: string
  /** Seconds, 1 to 3600. */
  session_timeout?: number
  /** RFC 3339; until then it stays queued. */
  run_at?: string
}

export interface NewFile {
  filename: string
  content_type: string
  size: number
  path?: string
}

/**
 * The REST API of inference.sh and the streams of its tasks, typed and validated. Every failure is an
 * InferenceError. Nothing is sent twice, no redirect is followed, and the key goes nowhere but to `base`
 * (inference.sh wire contract §1 to §6, §13).
 */
export class InferenceClient {
  readonly #base: string
  readonly #key: string | null
  readonly #secrets: readonly string[]
  readonly #fetch: Fetch
  readonly #clock: Clock

  /**
   * @param base URL of the API; a path is kept, a slash at its end is not
   * @param key null where the server wants none, as the emulator does
   * @param secrets further texts that a server must not carry to a page by repeating them
   */
  constructor(
    base: string,
    key: string | null,
    fetch: Fetch,
    clock: Clock = realClock,
    secrets: readonly string[] = [],
  ) {
    this.#base = base.replace(/\/+$/, '')
    this.#key = key
    this.#secrets = key ? [key, ...secrets] : secrets
    this.#fetch = fetch
    this.#clock = clock
  }

  apps(request: ListRequest = {}): Promise<Page<schema.AppBody>> {
    return this.#list('/apps/list', request, schema.appBody)
  }

  /** Apps of all workspaces whose words match. */
  searchApps(term: string, limit = 20): Promise<Page<schema.AppBody>> {
    return this.apps({ limit, search: { term, exact: false }, include_others: true })
  }

  /** An app with its schemas. @param ref its id, or `namespace/name`; a version or function behind is left out */
  app(ref: string): Promise<schema.AppBody> {
    const path = ref
      .replace(/[@:].*$/, '')
      .split('/')
      .map(enc)
      .join('/')
    return this.#get(`/apps/${path}`, schema.appBody)
  }

  /** An app as it was in one of its versions, with the schemas of that one. */
  appVersion(appId: string, versionId: string): Promise<schema.AppBody> {
    return this.#get(`/apps/${enc(appId)}/versions/${enc(versionId)}`, schema.appBody)
  }

  /** Starts a run. The answer is not a full task: read that next. */
  async run(request: RunRequest): Promise<{ run: schema.RunBody; notices: Notice[] }> {
    const { data, notices } = await this.#send('POST', '/apps/run', request)
    return { run: this.#validate(data, schema.runBody), notices }
  }

  tasks(request: ListRequest = {}): Promise<Page<schema.TaskBody>> {
    return this.#list('/tasks/list', request, schema.taskBody)
  }

  task(id: string): Promise<schema.TaskBody> {
    return this.#get(`/tasks/${enc(id)}`, schema.taskBody)
  }

  taskStatus(id: string): Promise<schema.TaskStatusBody> {
    return this.#get(`/tasks/${enc(id)}/status`, schema.taskStatusBody)
  }

  taskLogs(id: string): Promise<schema.TaskLogsBody> {
    return this.#get(`/tasks/${enc(id)}/logs`, schema.taskLogsBody)
  }

  taskTimings(id: string): Promise<schema.TaskTimingsBody> {
    return this.#get(`/tasks/${enc(id)}/timings`, schema.taskTimingsBody)
  }

  taskTelemetry(id: string): Promise<schema.TelemetryBody> {
    return this.#get(`/tasks/${enc(id)}/telemetry`, schema.telemetryBody)
  }

  /** Asks for an end; when it has come, the stream says so. */
  async cancelTask(id: string, options?: { force?: boolean; timeout?: number }): Promise<void> {
    await this.#send('POST', `/tasks/${enc(id)}/cancel`, options)
  }

  async deleteTask(id: string): Promise<void> {
    await this.#send('DELETE', `/tasks/${enc(id)}`)
  }

  /** Announces files; the bytes of each go to its `upload_url`. */
  async createFiles(files: readonly NewFile[]): Promise<schema.FileBody[]> {
    const { data } = await this.#send('POST', '/files', {
      files: files.map((file) => ({ uri: '', ...file })),
    })
    return this.#validate(data, schema.filesBody)
  }

  /** Sends the bytes of a file to where it was announced: another host, which does not get the key. */
  async upload(
    url: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    size: number,
    contentType: string,
  ): Promise<void> {
    if (!/^https?:\/\//i.test(url))
      throw new InferenceError('foreign', 'the server named no address to upload the file to')
    await this.#within(`PUT to ${hostOf(url)}`, UPLOAD_PATIENCE_MS, async (signal) => {
      const response = await this.#fetch(url, {
        method: 'PUT',
        body,
        // Storage hosts want the length beforehand; a stream does not tell it.
        headers: {
          'content-type': contentType || 'application/octet-stream',
          ...(body instanceof ReadableStream ? { 'content-length': String(size) } : {}),
        },
        redirect: 'manual',
        signal,
        ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
      })
      refuseRedirect(response, url)
      openEnvelope({
        status: response.ok ? 204 : response.status,
        headers: response.headers,
        text: response.ok ? '' : await readText(response),
        at: this.#clock.now(),
      })
    })
  }

  sessions(): Promise<schema.SessionBody[]> {
    return this.#get('/sessions', schema.sessionsBody)
  }

  session(id: string): Promise<schema.SessionBody> {
    return this.#get(`/sessions/${enc(id)}`, schema.sessionBody)
  }

  async keepSession(id: string): Promise<schema.SessionBody> {
    const { data } = await this.#send('POST', `/sessions/${enc(id)}/keepalive`)
    return this.#validate(data, schema.sessionBody)
  }

  async endSession(id: string): Promise<void> {
    await this.#send('DELETE', `/sessions/${enc(id)}`)
  }

  async startFlow(flow: string, input: unknown): Promise<schema.FlowRunBody> {
    const { data } = await this.#send('POST', '/flowruns', { flow, input })
    return this.#validate(data, schema.flowRunBody)
  }

  flowRuns(request: ListRequest = {}): Promise<Page<schema.FlowRunBody>> {
    return this.#list('/flowruns/list', request, schema.flowRunBody)
  }

  flowRun(id: string): Promise<schema.FlowRunBody> {
    return this.#get(`/flowruns/${enc(id)}`, schema.flowRunBody)
  }

  async cancelFlowRun(id: string): Promise<void> {
    await this.#send('POST', `/flowruns/${enc(id)}/cancel`)
  }

  /**
   * Opens the stream of a task. It resolves when the server has accepted it; what follows ends quietly when the
   * server ends it, and throws when the connection breaks. Abort the signal to leave it quietly, or with an
   * InferenceError to have that thrown.
   *
   * @param onBytes called for whatever arrives, whole line or not: the connection lives
   */
  stream(taskId: string, signal: AbortSignal, onBytes?: () => void): Promise<AsyncGenerator<WireLine, void>> {
    return this.#stream(`/tasks/${enc(taskId)}/stream`, signal, onBytes)
  }

  flowRunStream(
    id: string,
    signal: AbortSignal,
    onBytes?: () => void,
  ): Promise<AsyncGenerator<WireLine, void>> {
    return this.#stream(`/flowruns/${enc(id)}/stream`, signal, onBytes)
  }

  async #stream(
    path: string,
    signal: AbortSignal,
    onBytes: (() => void) | undefined,
  ): Promise<AsyncGenerator<WireLine, void>> {
    const response = await this.#open(path, signal)
    refuseRedirect(response, `${this.#base}/`)
    const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
    if (!response.ok || type === 'text/html' || type === 'text/event-stream') {
      const text = type === 'text/event-stream' ? '' : await readText(response).catch(() => '')
      if (type === 'text/event-stream') await response.body?.cancel().catch(() => undefined)
      if (!response.ok) throw this.#refused(response, text)
      throw new InferenceError('foreign', `the stream came as ${type}, not as lines of JSON`, {
        status: response.status,
      })
    }
    return linesOf(response, signal, onBytes, (error) => this.#unreachable(error))
  }

  /** Asks for a stream; the answer has to come in time, its lines need not. */
  async #open(path: string, signal: AbortSignal): Promise<Response> {
    const abort = new AbortController()
    const late = new InferenceError('timeout', `no answer to GET ${path} within ${PATIENCE_MS / 1_000} s`)
    const timer = this.#clock.setTimeout(() => {
      abort.abort(late)
    }, PATIENCE_MS)
    const leave = () => {
      abort.abort(signal.reason)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
    const aborted = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => {
        reject(abort.signal.reason as Error)
      })
      if (abort.signal.aborted) reject(abort.signal.reason as Error)
    })
    try {
      const init = this.#init('GET', undefined, abort.signal, 'application/x-ndjson')
      return await Promise.race([this.#fetch(this.#base + path, init), aborted])
    } catch (error) {
      throw signal.aborted ? error : this.#unreachable(error)
    } finally {
      this.#clock.clearTimeout(timer)
    }
  }

  async #list<T extends z.ZodMiniType>(
    path: string,
    request: ListRequest,
    type: T,
  ): Promise<Page<z.output<T>>> {
    const { data } = await this.#send('POST', path, request)
    const body = this.#validate(data, schema.page)
    const items: z.output<T>[] = []
    const unread: Unread[] = []
    for (const [index, item] of body.items.entries()) {
      const result = type.safeParse(item)
      if (result.success) items.push(result.data)
      else unread.push(unreadOf(item, index, result.error))
    }
    return {
      items,
      unread,
      next: body.has_next === false ? null : body.next_cursor || null,
      previous: body.has_previous === false ? null : body.prev_cursor || null,
      total: body.total_items,
    }
  }

  async #get<T extends z.ZodMiniType>(path: string, type: T): Promise<z.output<T>> {
    const { data } = await this.#send('GET', path)
    return this.#validate(data, type)
  }

  #validate<T extends z.ZodMiniType>(data: unknown, type: T): z.output<T> {
    const result = type.safeParse(data)
    if (result.success) return result.data
    throw new InferenceError(
      'foreign',
      `the answer is not what was asked for: “${this.#clean(bounded(JSON.stringify(data) ?? 'nothing', 80))}”`,
    )
  }

  #send(method: string, path: string, body?: unknown) {
    return this.#within(`${method} ${path}`, PATIENCE_MS, async (signal) => {
      const response = await this.#fetch(
        this.#base + path,
        this.#init(method, body, signal, 'application/json'),
      )
      refuseRedirect(response, `${this.#base}/`)
      const text = response.status === 204 ? '' : await readText(response)
      return openEnvelope({
        status: response.status,
        headers: response.headers,
        text,
        at: this.#clock.now(),
      })
    })
  }

  #init(method: string, body: unknown, signal: AbortSignal, accept: string): RequestInit {
    const headers: Record<string, string> = { accept }
    if (this.#key) headers['authorization'] = `Bearer ${this.#key}`
    if (body !== undefined) headers['content-type'] = 'application/json'
    return {
      method,
      headers,
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body: stringifyExact(body) }),
    }
  }

  /** Runs an exchange with a bound on its time; whatever fails in it is an InferenceError. */
  async #within<T>(what: string, ms: number, exchange: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController()
    const late = new InferenceError('timeout', `no answer to ${what} within ${ms / 1_000} s`)
    const timer = this.#clock.setTimeout(() => {
      abort.abort(late)
    }, ms)
    const aborted = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => {
        reject(late)
      })
    })
    try {
      return await Promise.race([exchange(abort.signal), aborted])
    } catch (error) {
      throw error instanceof InferenceError ? this.#redacted(error) : this.#unreachable(error)
    } finally {
      this.#clock.clearTimeout(timer)
    }
  }

  #refused(response: Response, text: string): InferenceError {
    try {
      openEnvelope({ status: response.status, headers: response.headers, text, at: this.#clock.now() })
    } catch (error) {
      if (error instanceof InferenceError) return this.#redacted(error)
    }
    return new InferenceError('foreign', `HTTP ${response.status} in place of a stream`, {
      status: response.status,
    })
  }

  /** A server that repeats the key in its words must not carry it to the page. */
  #redacted(error: InferenceError): InferenceError {
    const said = JSON.stringify([error.message, error.meta, error.requirements])
    if (!this.#secrets.some((secret) => said.includes(secret))) return error
    return new InferenceError(error.kind, this.#clean(error.message), {
      status: error.status,
      code: error.code,
      retryAfterMs: error.retryAfterMs,
      requirements: JSON.parse(
        this.#clean(JSON.stringify(error.requirements)),
      ) as (typeof error.requirements)[number][],
      meta: JSON.parse(this.#clean(JSON.stringify(error.meta))) as typeof error.meta,
    })
  }

  #clean(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, '[key]'), text)
  }

  #unreachable(error: unknown): InferenceError {
    if (error instanceof InferenceError) return error
    const { code, words } = unreachable(error)
    return new InferenceError('unreachable', this.#clean(words), { code })
  }
}

/** The lines of an open stream. */
async function* linesOf(
  response: Response,
  signal: AbortSignal,
  onBytes: (() => void) | undefined,
  unreachable: (error: unknown) => InferenceError,
): AsyncGenerator<WireLine, void> {
  const reader = response.body?.getReader()
  if (!reader) return
  const splitter = new LineSplitter()
  // A stand-in for fetch may not pass the signal on to the body.
  const leave = () => {
    reader.cancel().catch(() => undefined)
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    while (!signal.aborted) {
      const { done, value } = await reader.read()
      if (done) break
      onBytes?.()
      for (const line of splitter.push(value)) yield asLine(line)
    }
    const rest = splitter.end()
    if (rest && !signal.aborted) {
      // Cut off within a line: the end of the connection is the news, not the fragment.
      const line = asLine(rest)
      if (line.shape !== 'malformed') yield line
    }
  } catch (error) {
    if (!signal.aborted) throw unreachable(error)
  } finally {
    signal.removeEventListener('abort', leave)
    reader.cancel().catch(() => undefined)
  }
  // Left for a reason of which the caller wants to hear: a watchdog, say.
  if (signal.aborted && signal.reason instanceof InferenceError) throw signal.reason
}

function asLine(line: { text: string } | { tooLong: string }): WireLine {
  return 'text' in line
    ? readLine(line.text)
    : { shape: 'malformed', raw: line.tooLong, why: 'longer than Weir reads at once' }
}

function refuseRedirect(response: Response, from: string): void {
  if (!isRedirect(response)) return
  const to = redirectTarget(response.headers.get('location'), from)
  response.body?.cancel().catch(() => undefined)
  throw new InferenceError('redirect', `the server redirects to ${to ?? 'another address'}`, {
    status: response.status || null,
  })
}

/** The body as text, up to what Weir reads at once. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  if (!reader) return ''
  const decoder = new TextDecoder()
  const parts: string[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    const part = decoder.decode(value, { stream: true })
    parts.push(part)
    length += part.length
    if (length > LONGEST_BODY) {
      reader.cancel().catch(() => undefined)
      throw new InferenceError('large', `the answer is larger than ${LONGEST_BODY / 1024 / 1024} MB`, {
        status: response.status,
      })
    }
  }
  parts.push(decoder.decode())
  return parts.join('')
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return 'an address that is no URL'
  }
}

function unreadOf(item: unknown, index: number, error: z.core.$ZodError): Unread {
  const id = isRecord(item) ? textOf(own(item, 'id')) : null
  const issue = error.issues[0]
  return {
    item: id === null ? `number ${index + 1} of the list` : bounded(id, 200),
    why: `${issue?.path.join('.') || 'entry'}: ${issue?.message ?? 'unreadable'}`,
  }
}

const enc = encodeURIComponent
