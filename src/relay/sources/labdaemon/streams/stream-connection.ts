import { sleep, type Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import { streamErrorBody } from '#protocols/labdaemon/schemas.ts'
import type { Lab } from '../lab.ts'
import { readSse, type SseMessage } from '../../../read-sse.ts'

/** How long the queue waits for a stream's first sign of life: LabDaemon wire contract §5.1. */
const FIRST_SIGN_MS = 1_200
/** A server that does not answer the request for a stream is given up after this. */
const PATIENCE_MS = 35_000

/** The words of the server, or of the device, that refused to stream. */
export interface StreamRefusal {
  type: string
  message: string
}

/** How a connection ended; `cut`: inside a message; `taken`: the server says that someone else has the stream. */
export type Ending =
  | { how: 'ended'; cut: boolean }
  | { how: 'lost'; why: string }
  | { how: 'taken' }
  | ({ how: 'refused' } & StreamRefusal)

/** Takes what a connection brings. */
export interface ConnectionReader {
  /**
   * One network chunk: a sign of life.
   * @param messages the messages in it, in order; none where it held half of one, or a comment
   * @param hasData some are more than signs of life
   */
  heard(connection: StreamConnection, messages: readonly SseMessage[], hasData: boolean): void
}

/** One answer of the server to a request for a stream, read to its end. Times are ms of the monotonic clock. */
export class StreamConnection {
  /** Settles when the body has ended, however it did; never rejects. */
  readonly ended: Promise<Ending>
  /** Why Weir itself ends it; null while it does not. */
  leaving: 'silenced' | 'stalled' | 'finished' | null = null
  readonly #clock: Clock
  readonly #abort: AbortController
  readonly #reader: ConnectionReader
  #firstSign!: () => void
  readonly #sign = new Promise<void>((resolve) => (this.#firstSign = resolve))
  #isOver = false
  #heardAt: number
  #dataAt: number

  private constructor(clock: Clock, response: Response, abort: AbortController, reader: ConnectionReader) {
    this.#clock = clock
    this.#abort = abort
    this.#reader = reader
    this.#heardAt = this.#dataAt = clock.monotonic()
    this.ended = this.#read(response)
    void this.ended.then(() => (this.#isOver = true))
  }

  /** Asks for a device's stream. Throws LabDaemonError. */
  static async open({ client, context }: Lab, deviceId: string, reader: ConnectionReader) {
    const { clock } = context
    const abort = new AbortController()
    const hangUp = () => {
      abort.abort()
    }
    const patience = clock.setTimeout(hangUp, PATIENCE_MS)
    try {
      const response = await client.stream(deviceId, abort.signal)
      return new StreamConnection(clock, response, abort, reader)
    } finally {
      clock.clearTimeout(patience)
    }
  }

  /** It has ended, by whomever. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** When anything came last. */
  get heardAt(): number {
    return this.#heardAt
  }

  /** When data came last; before the first, when it was connected. */
  get dataAt(): number {
    return this.#dataAt
  }

  /** Waits until it was heard of, or has ended (a refusal is over before the next request may be made), or is slow. */
  firstSign(): Promise<void> {
    return this.#orAfter(FIRST_SIGN_MS, this.#sign)
  }

  /** Waits for its end, `ms` at most. */
  endedWithin(ms: number): Promise<void> {
    return this.#orAfter(ms)
  }

  hangUp(): void {
    this.#abort.abort()
  }

  async #orAfter(ms: number, sooner?: Promise<void>): Promise<void> {
    const timer = new AbortController()
    const time = sleep(this.#clock, ms, timer.signal).catch(() => undefined)
    await Promise.race([time, this.ended, ...(sooner ? [sooner] : [])])
    timer.abort()
  }

  async #read({ body }: Response): Promise<Ending> {
    let refusal: Ending | null = null
    if (!body) return { how: 'ended', cut: false }
    try {
      const cut = await readSse(body, (messages) => {
        this.#heardAt = this.#clock.monotonic()
        let hasData = false
        for (const message of messages)
          if (message.event === 'stream_error') refusal = refusalOf(message.data)
          else if (message.event !== 'ping') hasData = true
        if (refusal) return
        if (hasData) this.#dataAt = this.#heardAt
        if (messages.length > 0) this.#firstSign()
        this.#reader.heard(this, messages, hasData)
      })
      return refusal ?? { how: 'ended', cut }
    } catch (error) {
      return refusal ?? { how: 'lost', why: error instanceof Error ? error.message : String(error) }
    }
  }
}

function refusalOf(data: string): Ending {
  const refusal = wordsOf(data)
  // Only its words tell this one from other refusals.
  return /already streaming/.test(refusal.message) ? { how: 'taken' } : { how: 'refused', ...refusal }
}

function wordsOf(data: string): StreamRefusal {
  try {
    const body = streamErrorBody.safeParse(JSON.parse(data))
    if (body.success) return body.data.error
  } catch {
    // Falls through: the words are all there is.
  }
  return { type: 'StreamError', message: bounded(data, 500) }
}
