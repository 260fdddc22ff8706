import { stringifyExact } from '#lib/exact-json.ts'
import { inBackground, report } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import type { OutcomeEvent, TaskEvent } from '#model/task-events.ts'
import type { TaskChange } from '#protocols/inference/changes.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { WireLine } from '#protocols/inference/lines.ts'
import { TaskReader } from '#protocols/inference/task-reader.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { RawMessages } from '../../raw-messages.ts'
import { NO_SCHEMAS } from './apps.ts'
import { HELD_MS } from './channel-lines.ts'
import type { Cloud } from './cloud.ts'
import type { KnownRun } from './known-run.ts'
import { schemasOfRun } from './run-schemas.ts'
import { TaskEvents } from './to-events.ts'

/** Tokens arrive faster than anybody reads: their sum is shown at most this often. */
const DELTAS_MS = 200
/** Characters of raw lines kept of a run that has ended. */
const ENDED_RAW_CHARS = 64 * 1024
/** A schema that could not be had is asked for again after this, ms. */
const SCHEMA_AGAIN_MS = 30_000
/** What comes again with every connection, or is about the connection alone. */
const NO_NEWS: ReadonlySet<TaskChange['k']> = new Set(['heartbeat', 'done', 'malformed'])

/** What is read of one run, turned into events of its record. The reader sees the service's clock, the record Weir's. */
export class RunReadings {
  readonly events: TaskEvents
  readonly #cloud: Cloud
  readonly #id: string
  readonly #reader: TaskReader
  readonly #raw = new RawMessages()
  /** What was known of it when Weir ended; null for one that is new. */
  readonly #known: KnownRun | null
  #deltaTimer: unknown
  #heldTimer: unknown
  /** When a schema that could not be had may be asked for again, ms of the monotonic clock. */
  #schemaAt = -Infinity

  constructor(cloud: Cloud, id: string) {
    this.#cloud = cloud
    this.#id = id
    this.#known = cloud.knownRuns.take(id)
    this.events = new TaskEvents(cloud.sourceClock, this.#known?.revision)
    this.#reader = new TaskReader(id)
  }

  /** The newest lines of its stream as they came. */
  get raw(): readonly RawItem[] {
    return this.#raw.items
  }

  /** The service said that it is in a final state. */
  get isOver(): boolean {
    const { status } = this.#reader
    return status !== null && isTerminal(status)
  }

  /** A cancel of Weir's is under way. */
  cancelAsked(): void {
    this.#reader.cancelAsked()
  }

  /** The service's clock was measured anew. */
  retimed(): void {
    const event = this.events.retimed(this.#now)
    if (event) this.tell([event])
  }

  /** Enters events of the run. */
  tell(told: readonly TaskEvent[]): void {
    const events = this.#known?.news(told) ?? told
    if (events.length === 0) return
    this.#cloud.records.add(this.#id, events)
    if (events.some(({ k }) => k === 'output') && this.events.isUnsure) inBackground(this.#describe())
  }

  /**
   * Takes a full read, a part of one, or a row of a list.
   * @param wasLost the service was found not to know the run
   * @returns false where it says nothing of the run's state
   */
  read(body: unknown, wasLost = false): boolean {
    const now = this.#now
    const events = this.events.from(this.#reader.read(body, this.#cloud.sourceClock.sourceNow()), now)
    const { status } = this.#reader
    if (wasLost && status !== null) {
      const note = 'the service knows it after all'
      const first = events.find((event) => event.k === 'status')
      if (first) first.note ??= note
      else if (!isTerminal(status)) events.push({ k: 'status', at: now, status, origin: 'poll', note })
    }
    if (events.length > 0) this.tell(events)
    return status !== null
  }

  /** Takes what is new in a status that was asked for. */
  readStatus(body: unknown): void {
    this.#take(this.#reader.read(body, this.#cloud.sourceClock.sourceNow()))
  }

  /** Takes the logs, which have the last word (inference.sh wire contract §8). */
  readLogs(logs: Parameters<TaskReader['readLogs']>[0]): void {
    this.#take(this.#reader.readLogs(logs))
  }

  /**
   * Takes a line of the stream; one that Weir itself cannot take is said, and ends nothing.
   * @returns true when it brought news of the run
   */
  line(line: WireLine): boolean {
    const { context, sourceClock } = this.#cloud
    const now = context.clock.now()
    let isNews = false
    try {
      if (line.shape !== 'heartbeat' && line.shape !== 'nothing')
        this.#raw.keep(now, line.shape, stringifyExact(line))
      const changes = this.#reader.line(line, sourceClock.sourceNow())
      isNews = changes.some(({ k }) => !NO_NEWS.has(k))
      this.#take(changes)
      if (changes.some(({ k }) => k === 'delta'))
        this.#deltaTimer ??= context.clock.setTimeout(this.#tellDeltas, DELTAS_MS)
    } catch (error) {
      report(error)
      const text = `internal error at a line of the stream: ${String(error)}`
      this.tell([{ k: 'lines', at: now, kind: 'error', texts: [text] }])
    }
    return isNews
  }

  /** The stream was cut: pieces of streamed text may be missing. */
  cut(): void {
    this.#reader.cut()
  }

  /** The run has ended: what is kept of it is trimmed. */
  ended(): void {
    this.#cloud.context.clock.clearTimeout(this.#deltaTimer)
    this.#reader.release()
    this.#raw.trim(ENDED_RAW_CHARS)
    const output = this.events.output()
    if (output !== null) this.#cloud.records.keepOutput(this.#id, output)
    const trimmed = this.events.trim()
    if (trimmed) this.tell([trimmed])
    this.#schemaAt = -Infinity
  }

  /** The service does not know the run any more. */
  lost(): void {
    const now = this.#now
    const outcome: OutcomeEvent = {
      k: 'outcome',
      at: now,
      status: 'lost',
      origin: 'inferred',
      note: 'the service does not know it any more',
      endedAt: now,
      endedOrigin: 'inferred',
      result: null,
      error: null,
    }
    this.tell([outcome])
    this.#schemaAt = -Infinity
  }

  stop(): void {
    const { clock } = this.#cloud.context
    clock.clearTimeout(this.#heldTimer)
    clock.clearTimeout(this.#deltaTimer)
  }

  get #now(): number {
    return this.#cloud.context.clock.now()
  }

  #take(changes: readonly TaskChange[]): void {
    const { clock } = this.#cloud.context
    const events = this.events.from(changes, clock.now())
    if (events.length > 0) this.tell(events)
    if (this.events.isHolding)
      this.#heldTimer ??= clock.setTimeout(() => {
        this.#heldTimer = undefined
        const held = this.events.flush(clock.now())
        if (held.length > 0) this.tell(held)
      }, HELD_MS)
  }

  readonly #tellDeltas = (): void => {
    this.#deltaTimer = undefined
    if (this.isOver || this.#cloud.stop.signal.aborted) return
    const changed = Object.keys(this.#reader.deltas)
    this.tell([this.events.fromDeltas(this.#reader.shown, changed, this.#now)])
  }

  /** The card shows by the app's schema what the output's own form leaves open. */
  async #describe(): Promise<void> {
    const now = this.#cloud.context.clock.monotonic()
    if (this.events.schema !== null || now < this.#schemaAt) return
    this.#schemaAt = now + SCHEMA_AGAIN_MS
    const schemas = await schemasOfRun(this.#cloud, this.#id).catch((error: unknown) => {
      if (!(error instanceof InferenceError)) report(error)
      // What passes is asked again; without a schema the value is shown by what it looks like.
      return error instanceof InferenceError && error.passing ? null : NO_SCHEMAS
    })
    const event = schemas && this.events.describe(schemas.output ?? {})
    if (event && !this.#cloud.stop.signal.aborted) this.tell([event])
  }
}
