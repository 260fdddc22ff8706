import { backOffMs } from '#lib/backoff.ts'
import { isJsonObject, parseExact } from '#lib/exact-json.ts'
import { inBackground } from '#lib/isolate.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { JobsError } from '#protocols/jobs/client.ts'
import { RawMessages } from '../../raw-messages.ts'
import { readSse, type SseMessage } from '../../read-sse.ts'
import { RetryWait } from '../../retry-wait.ts'
import type { JobServer } from './job-server.ts'
import { readProgress, readText, type JobProgress } from './mapping.ts'
import { urlOf } from './settings.ts'

const AGAIN_MS = { first: 1_000, most: 30_000 }
/** What was said last may come after the list told the end, ms. */
const LATE_MS = 5_000

/** The event stream of one job that runs, held to its end (§5). */
export class JobStream {
  readonly raw = new RawMessages()
  readonly #server: JobServer
  readonly #id: string
  readonly #abort = new AbortController()
  readonly #wait: RetryWait
  #state: StreamStateName = 'none'
  /** Of the last message, where messages have ids. */
  #lastId: string | null = null
  /** When it was last lost, ms since epoch. */
  #lostAt: number | null = null
  #isEnding = false
  #hasLines = false

  constructor(server: JobServer, id: string) {
    this.#server = server
    this.#id = id
    this.#wait = new RetryWait(server.context.clock)
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  get isOver(): boolean {
    return this.#abort.signal.aborted
  }

  start(): void {
    inBackground(this.#hold())
  }

  /** Tries again now, should it wait. */
  retry(): void {
    this.#wait.end()
  }

  /** The job has ended: what is under way still comes. */
  finish(): void {
    if (this.#isEnding) return
    this.#isEnding = true
    if (!this.isOpen) this.close('its job has ended')
    else
      this.#server.context.clock.setTimeout(() => {
        this.close('its job has ended')
      }, LATE_MS)
  }

  close(reason: string): void {
    if (this.isOver) return
    this.#abort.abort()
    this.#wait.end()
    this.#tell('closed', reason)
  }

  async #hold(): Promise<void> {
    const { clock } = this.#server.context
    this.#tell('connecting', 'its stream is being opened')
    for (let failed = 0; ; failed += 1) {
      const { heard, why } = await this.#follow()
      if (this.isOver) return
      if (this.#isEnding) {
        this.close('its job has ended')
        return
      }
      if (heard) failed = 0
      const ms = backOffMs(AGAIN_MS, failed)
      this.#tell('reconnecting', why, clock.now() + ms)
      await this.#wait.wait(ms)
      if (this.isOver) return
      if (heard) this.#server.traffic.reconnects += 1
    }
  }

  /** Follows one connection to its end. */
  async #follow(): Promise<{ heard: boolean; why: string }> {
    const { client, context, settings } = this.#server
    let heard = false
    try {
      const url = urlOf(settings.stream!.url, settings.url, this.#id)
      const body = await client.stream(url, this.#lastId, this.#abort.signal)
      this.#opened()
      await readSse(body, (messages) => {
        heard ||= messages.length > 0
        this.#take(messages)
      })
      return { heard, why: 'its server ended it' }
    } catch (error) {
      return { heard, why: error instanceof JobsError ? error.message : 'it was broken off' }
    } finally {
      if (this.isOpen) this.#lostAt = context.clock.now()
    }
  }

  #opened(): void {
    const at = this.#server.context.clock.now()
    const from = this.#lostAt
    this.#tell('open', 'connected')
    if (from === null || this.#lastId !== null) return
    const text = 'its stream was broken off: what it said meanwhile was not received'
    this.#server.add(this.#id, [{ k: 'gap', at, from, to: at, cause: 'disconnected', text, missed: null }])
  }

  #take(messages: readonly SseMessage[]): void {
    const { client, context, settings, traffic } = this.#server
    if (messages.length === 0 || this.isOver) return
    const at = context.clock.now()
    const texts: string[] = []
    let progress: JobProgress | null = null
    for (const { event, data, id } of messages) {
      const text = client.clean(data)
      this.raw.keep(at, event, text)
      if (id !== undefined) this.#lastId = id === '' ? null : id
      const value = parsed(text)
      const line = typeof value === 'string' ? value : readText(value, settings.stream!.message)
      if (line !== null) texts.push(...line.split(/\r?\n/))
      progress = readProgress(value, settings.stream!.progress, this.#server.scale) ?? progress
    }
    traffic.events += messages.length
    const events: TaskEvent[] = []
    if (texts.length > 0) events.push({ k: 'lines', at, kind: 'out', texts })
    if (texts.length > 0 && !this.#hasLines) {
      this.#hasLines = true
      events.push({ k: 'meta', at, meta: { streamed: true } })
    }
    if (progress) events.push({ k: 'progress', at, ...progress, message: null })
    if (events.length > 0) this.#server.add(this.#id, events)
  }

  #tell(name: StreamStateName, reason: string, retryAt: number | null = null): void {
    this.#state = name
    const at = this.#server.context.clock.now()
    this.#server.add(this.#id, [{ k: 'stream', at, state: { name, reason, since: at, retryAt } }])
  }
}

/** What a message holds: the values of an object or list, or a text. */
function parsed(text: string): unknown {
  try {
    const value = parseExact(text)
    return isJsonObject(value) || Array.isArray(value) || typeof value === 'string' ? value : text
  } catch {
    return text
  }
}
