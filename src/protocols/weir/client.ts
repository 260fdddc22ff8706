import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import { pathSegment } from '#lib/segment.ts'
import type { Command, CommandOutcome } from '#model/command.ts'
import type {
  AddDeviceRequest,
  AppInfo,
  AppSummary,
  BatchAnswer,
  BatchSize,
  BatchStartRequest,
  Call,
  CallAnswer,
  CallRequest,
  CommandAnswer,
  Method,
  ParameterRequest,
  Problem,
  RawItem,
  ReconnectRequest,
  SamplesAnswer,
  TaskPage,
  StartAnswer,
  StartRequest,
  StopAnswer,
  StreamStartRequest,
  StreamStopRequest,
} from './api.ts'
import { AUTHOR_HEADER } from './author-header.ts'
import type { WireLines } from './stream.ts'

/** A request the relay or a source refused, that was not answered, or that never got there. */
export class WeirError extends Error {
  override readonly name = 'WeirError'
  readonly problem: Problem
  /** Of a command: what became of it. */
  readonly outcome: CommandOutcome

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title)
    this.problem = problem
    this.outcome = problem.outcome ?? 'not-answered'
  }
}

/** What has a stream of its own: a task or a device. */
export interface Streaming {
  kind: 'tasks' | 'devices'
  source: string
  id: string
}

export interface WeirClientOptions {
  /** Public id of this browser, entered in the ledger beside each command; without it a script asks. */
  author?(): string
  /** True while the page hears nothing of the relay: it is asked whether it is there before anything is sent. */
  isAway?(): boolean
}

/** A relay that was silent is waited for so long, ms. */
const THERE_MS = 3_000

/** The relay's REST API as functions; every failure is a WeirError. */
export class WeirClient {
  readonly #base: string
  readonly #options: WeirClientOptions

  constructor(base: string, options: WeirClientOptions = {}) {
    this.#base = base
    this.#options = options
  }

  start(source: string, request: StartRequest): Promise<StartAnswer> {
    return this.#send('POST', `/tasks/${enc(source)}`, request)
  }

  /** A task as the relay has it; one that it does not have is asked for at the source. */
  task(source: string, id: string): Promise<unknown> {
    return this.#send('GET', `/tasks/${enc(source)}/${enc(id)}`)
  }

  command(source: string, id: string, verb: 'cancel' | 'pause' | 'resume'): Promise<CommandAnswer> {
    return this.#send('POST', `/tasks/${enc(source)}/${enc(id)}/${verb}`)
  }

  /** @param tasks ids; null: every unfinished task of the source, and what waits to start */
  stop(source: string, tasks: readonly string[] | null): Promise<StopAnswer> {
    return this.#send('POST', `/sources/${enc(source)}/stop`, { tasks })
  }

  setParameter(source: string, id: string, request: ParameterRequest): Promise<CommandAnswer> {
    return this.#send('POST', `/tasks/${enc(source)}/${enc(id)}/parameters`, request)
  }

  retryStream(source: string, id: string): Promise<void> {
    return this.#send('POST', `/tasks/${enc(source)}/${enc(id)}/retry-stream`)
  }

  retrySource(source: string): Promise<void> {
    return this.#send('POST', `/sources/${enc(source)}/retry`)
  }

  logRange(source: string, id: string, from: number, to: number): Promise<WireLines> {
    return this.#send('GET', `/tasks/${enc(source)}/${enc(id)}/log?from=${from}&to=${to}`)
  }

  logTextUrl(source: string, id: string): string {
    return `${this.#base}/api/tasks/${enc(source)}/${enc(id)}/log.txt`
  }

  outputUrl(source: string, id: string): string {
    return `${this.#base}/api/tasks/${enc(source)}/${enc(id)}/output`
  }

  /**
   * The result's own JSON as text: it may hold numbers that JavaScript would round.
   * @param revision an earlier output, by its number
   */
  async output(source: string, id: string, revision?: number): Promise<string> {
    const query = revision === undefined ? '' : `?revision=${revision}`
    const response = await this.#fetch('GET', `/tasks/${enc(source)}/${enc(id)}/output${query}`)
    return response.text()
  }

  apps(source: string, text: string): Promise<{ apps: AppSummary[] }> {
    return this.#send('GET', `/apps/${enc(source)}?text=${encText(text)}`)
  }

  /** @param ref `namespace/name` */
  app(source: string, ref: string): Promise<{ app: AppInfo }> {
    return this.#send('GET', `/apps/${enc(source)}/${ref.split('/').map(encText).join('/')}`)
  }

  /** Uploads a file for an app's input. */
  async upload(source: string, file: File): Promise<{ uri: string }> {
    const query = `name=${encText(file.name)}&type=${encText(file.type || 'application/octet-stream')}`
    const response = await this.#fetch('POST', `/files/${enc(source)}?${query}`, file)
    return response.json() as Promise<{ uri: string }>
  }

  startBatch(source: string, request: BatchStartRequest): Promise<BatchAnswer> {
    return this.#send('POST', `/batches/${enc(source)}`, request)
  }

  batch(id: string): Promise<BatchAnswer & { inputs: Record<string, unknown>[] }> {
    return this.#send('GET', `/batches/${enc(id)}`)
  }

  batchSize(id: string): Promise<BatchSize> {
    return this.#send('GET', `/batches/${enc(id)}/size`)
  }

  /** Where inputs, logs and outputs of all its runs are to be had as one text. */
  batchTextUrl(id: string): string {
    return `${this.#base}/api/batches/${enc(id)}/logs.txt`
  }

  cancelBatch(id: string): Promise<{ commands: Command[] }> {
    return this.#send('POST', `/batches/${enc(id)}/cancel`)
  }

  rerunFailed(id: string): Promise<BatchAnswer> {
    return this.#send('POST', `/batches/${enc(id)}/rerun`)
  }

  /** What an inference.sh task has of these, as the service gives it. */
  extra(source: string, id: string, what: 'telemetry' | 'timings' | 'schemas'): Promise<unknown> {
    return this.#send('GET', `/tasks/${enc(source)}/${enc(id)}/${what}`)
  }

  /** Cancels the task when it has not ended after so long, whether or not a page is open; null takes it back. */
  setTimeoutOf(source: string, id: string, afterMs: number | null): Promise<void> {
    return this.#send('PUT', `/tasks/${enc(source)}/${enc(id)}/timeout`, { afterMs })
  }

  /** Follows a run of inference.sh for so long from now on, or to its end. */
  followFor(source: string, id: string, forMs: number | null): Promise<void> {
    return this.#send('PUT', `/tasks/${enc(source)}/${enc(id)}/follow`, { forMs })
  }

  setReconnect(source: string, request: ReconnectRequest): Promise<ReconnectRequest> {
    return this.#send('PUT', `/sources/${enc(source)}/reconnect`, request)
  }

  addDevice(source: string, request: AddDeviceRequest): Promise<CommandAnswer> {
    return this.#send('POST', `/devices/${enc(source)}`, request)
  }

  deviceCommand(source: string, id: string, verb: 'connect' | 'disconnect'): Promise<CommandAnswer> {
    return this.#send('POST', `${devicePath(source, id)}/${verb}`)
  }

  clearDeviceError(source: string, id: string): Promise<CommandAnswer> {
    return this.#send('DELETE', `${devicePath(source, id)}/error`)
  }

  methods(source: string, id: string): Promise<{ methods: Method[] }> {
    return this.#send('GET', `${devicePath(source, id)}/methods`)
  }

  /** @param signal stops waiting; the call itself goes on, and its answer comes with `calls` */
  call(source: string, id: string, request: CallRequest, signal?: AbortSignal): Promise<CallAnswer> {
    return this.#send('POST', `${devicePath(source, id)}/call`, request, signal)
  }

  calls(source: string, id: string): Promise<{ calls: Call[] }> {
    return this.#send('GET', `${devicePath(source, id)}/calls`)
  }

  /** A call's whole result, its own JSON as text. */
  async callResult(source: string, id: string, command: string): Promise<string> {
    const response = await this.#fetch('GET', `${devicePath(source, id)}/calls/${enc(command)}`)
    return response.text()
  }

  /** Refused with a problem `would-disturb` unless it disturbs nobody, or `force` says that it may. */
  startStream(source: string, id: string, request: StreamStartRequest): Promise<CommandAnswer> {
    return this.#send('POST', `${devicePath(source, id)}/stream/start`, request)
  }

  stopStream(source: string, id: string, request: StreamStopRequest): Promise<CommandAnswer> {
    return this.#send('POST', `${devicePath(source, id)}/stream/stop`, request)
  }

  keepStream(source: string, id: string, keepMs: number | null): Promise<void> {
    return this.#send('PUT', `${devicePath(source, id)}/stream/keep`, { keepMs })
  }

  retryDeviceStream(source: string, id: string): Promise<void> {
    return this.#send('POST', `${devicePath(source, id)}/retry-stream`)
  }

  /**
   * Ended tasks that are in no live list any more, the newest first.
   * @param filter what they are to match; empty values match all
   * @param cursor where the page before ended; null for the first
   */
  earlierTasks(
    filter: { text: string; statuses: readonly string[]; source: string; type: string },
    cursor: string | null,
    signal?: AbortSignal,
  ): Promise<TaskPage> {
    const { text, statuses, source, type } = filter
    const query = new URLSearchParams({ ended: 'true', unlisted: 'true', limit: '50' })
    const given = { text, status: statuses.join(','), source, type, cursor: cursor ?? '' }
    for (const [key, value] of Object.entries(given)) if (value !== '') query.set(key, value)
    return this.#send('GET', `/tasks?${query}`, undefined, signal)
  }

  /**
   * Kept samples from `from` to `to` (ms since epoch), thinned to about `points` a channel.
   * @param channels names; none: all
   */
  samples(
    of: Streaming,
    range: { from: number; to: number; points: number; channels?: readonly string[] },
    signal?: AbortSignal,
  ): Promise<SamplesAnswer> {
    const query = new URLSearchParams({ from: `${range.from}`, to: `${range.to}`, points: `${range.points}` })
    for (const channel of range.channels ?? []) query.append('channel', channel)
    return this.#send('GET', `${streamingPath(of)}/samples?${query}`, undefined, signal)
  }

  /** Where all kept samples of a range are to be had as CSV. */
  samplesCsvUrl(of: Streaming, from: number, to: number): string {
    return `${this.#base}/api${streamingPath(of)}/samples.csv?from=${from}&to=${to}`
  }

  /** The newest messages of its stream as they came, newest first. */
  raw(of: Streaming): Promise<{ items: RawItem[] }> {
    return this.#send('GET', `${streamingPath(of)}/raw`)
  }

  async #send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
    const response = await this.#fetch(method, path, body, signal)
    return (response.status === 204 ? undefined : parseExact(await response.text())) as T
  }

  async #fetch(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    const asks = method === 'GET'
    if (!asks && this.#options.isAway?.() && !(await this.#isThere())) throw new WeirError(NOT_SENT)
    const author = this.#options.author?.()
    let response: Response
    try {
      response = await fetch(`${this.#base}/api${path}`, {
        method,
        headers: {
          ...(author === undefined ? {} : { [AUTHOR_HEADER]: author }),
          ...(body === undefined || body instanceof Blob ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: body instanceof Blob ? body : stringifyExact(body) }),
        ...(signal ? { signal } : {}),
      })
    } catch (error) {
      if (signal?.aborted) throw error
      throw new WeirError(asks ? NO_ANSWER : NOT_ANSWERED)
    }
    if (!response.ok) throw new WeirError(await problemOf(response))
    return response
  }

  async #isThere(): Promise<boolean> {
    const giveUp = AbortSignal.timeout(THERE_MS)
    const health = fetch(`${this.#base}/api/health`, { cache: 'no-store', signal: giveUp })
    return health.then(({ ok }) => ok).catch(() => false)
  }
}

const NO_ANSWER: Problem = {
  type: 'NoAnswer',
  title: 'Weir does not answer',
  status: 0,
}
/** The request may have been read before the connection broke. */
const NOT_ANSWERED: Problem = {
  ...NO_ANSWER,
  outcome: 'not-answered',
  detail: 'Weir did not answer. It may have passed this on all the same: Commands says so when it is back.',
}
/** The request was never begun. */
const NOT_SENT: Problem = {
  ...NO_ANSWER,
  outcome: 'not-sent',
  detail: 'Weir does not answer, so nothing was sent. Try again when it is back.',
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Partial<Problem>
    if (typeof body.title === 'string')
      return { type: 'about:blank', status: response.status, ...body } as Problem
  } catch {
    // Not ours: a proxy in between, say.
  }
  const { status } = response
  return {
    type: 'about:blank',
    title: `Weir answered ${status} ${response.statusText}`.trim(),
    status,
    // Something in between: it kept the request back, or it does not know how far it came.
    outcome: status >= 400 && status < 500 && status !== 408 ? 'not-sent' : 'not-answered',
  }
}

function streamingPath({ kind, source, id }: Streaming): string {
  return `/${kind}/${enc(source)}/${enc(id)}`
}

function devicePath(source: string, id: string): string {
  return `/devices/${enc(source)}/${enc(id)}`
}

const enc = pathSegment

/** Half a character is no text that a query could carry. */
function encText(text: string): string {
  return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\ufffd'))
}
