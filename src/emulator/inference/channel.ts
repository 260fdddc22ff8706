import { stringifyExact } from '#lib/exact-json.ts'
import { StreamBody } from '../shared/stream-body.ts'
import type { Cancel, Timers } from '../shared/timers.ts'
import type { Change, Resource } from './resource.ts'
import type { JsonObject } from './wire.ts'

/** How the network breaks a stream: a clean end, a reset, or an end in the middle of a line. */
export type Cut = 'end' | 'reset' | 'mid-line'

export type Framing = 'ndjson' | 'sse'

const HEARTBEAT_MS = 10_000

export interface ChannelOptions {
  readonly framing: Framing
  /** Where the files of outputs are. */
  readonly base: string
  readonly key: string
  readonly timers: Timers
  /** After a terminal status the stream ends this much later; undefined: it stays open (§6). */
  readonly lingerMs: number | undefined
  readonly isSilent: () => boolean
  readonly onClose: (channel: Channel) => void
}

/**
 * One client's connection to `/tasks/{id}/stream` or to another stream: a full snapshot first, then partials
 * and deltas as they come (inference.sh wire contract §6). A client that reads slowly misses states, not the
 * newest one.
 */
export class Channel {
  readonly #options: ChannelOptions
  readonly #body: StreamBody
  readonly #unsubscribe: (() => void)[] = []
  /** Fields that a slow reader has not been told of. */
  readonly #owed = new Map<Resource, Set<string>>()
  #heartbeat: Cancel | undefined
  #linger: Cancel | undefined
  #main: Resource | undefined
  #over = false

  constructor(options: ChannelOptions) {
    this.#options = options
    this.#body = new StreamBody({
      onRead: (_first, drained) => {
        if (drained) this.#payDebts()
      },
      onHangUp: () => this.#close(),
    })
    this.#beat()
  }

  get key(): string {
    return this.#options.key
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#body.readable
  }

  /** Streams this resource, whose end is the stream's. */
  follow(resource: Resource): void {
    this.#main = resource
    this.add(resource)
    this.#checkEnd()
  }

  /** Streams this resource too. */
  add(resource: Resource): void {
    this.#write(undefined, resource.toJson(this.#options.base))
    this.#unsubscribe.push(resource.subscribe((change) => this.#tell(resource, change)))
  }

  /** Ends with another resource, without streaming that one. */
  endWith(resource: Resource): void {
    this.#main = resource
    this.#unsubscribe.push(resource.subscribe(() => this.#checkEnd()))
    this.#checkEnd()
  }

  /** Writes a line as it is, for tests of those who read it. */
  inject(text: string): void {
    this.#body.write(text)
  }

  cut(mode: Cut): void {
    if (this.#over) return
    if (mode === 'mid-line') this.#body.write(this.#frame(undefined, '{"data":{"id":"').slice(0, 14))
    this.#close()
    if (mode === 'reset') this.#body.break(new TypeError('terminated'))
    else this.#body.end()
  }

  hangUp(reason: Error | undefined): void {
    this.#body.hangUp(reason)
  }

  #tell(resource: Resource, change: Change): void {
    if (change.kind === 'delta') {
      if (!this.#body.isFull) this.#write('delta', { delta: change.delta, seq: change.seq })
    } else if (this.#body.isFull) {
      const owed = this.#owed.get(resource) ?? new Set()
      for (const field of change.fields) owed.add(field)
      this.#owed.set(resource, owed)
    } else this.#writePartial(resource, change.fields, change.whole ?? false)
    if (resource === this.#main) this.#checkEnd()
  }

  #payDebts(): void {
    for (const [resource, fields] of this.#owed) {
      this.#owed.delete(resource)
      this.#writePartial(resource, [...fields], false)
    }
  }

  #writePartial(resource: Resource, fields: readonly string[], whole: boolean): void {
    const { base } = this.#options
    const data = whole ? resource.hollow(fields, base) : resource.pick(fields, base)
    this.#write(undefined, { data, fields })
  }

  #write(event: string | undefined, data: JsonObject): void {
    if (this.#over || this.#options.isSilent()) return
    const payload = event !== undefined && this.#options.framing === 'ndjson' ? { event, data } : data
    this.#body.write(this.#frame(event, stringifyExact(payload)))
  }

  #frame(event: string | undefined, text: string): string {
    if (this.#options.framing === 'ndjson') return `${text}\n`
    return `${event === undefined ? '' : `event: ${event}\n`}data: ${text}\n\n`
  }

  #beat(): void {
    this.#heartbeat = this.#options.timers.after(HEARTBEAT_MS, () => {
      if (!this.#options.isSilent() && !this.#body.isFull)
        this.#body.write(this.#options.framing === 'sse' ? ': heartbeat\n\n' : '{"type":"heartbeat"}\n')
      this.#beat()
    })
  }

  #checkEnd(): void {
    const { lingerMs, timers } = this.#options
    if (this.#main?.isOver !== true || lingerMs === undefined || this.#linger) return
    this.#linger = timers.after(lingerMs, () => {
      if (this.#options.isSilent()) return
      this.#payDebts()
      this.cut('end')
    })
  }

  #close(): void {
    if (this.#over) return
    this.#over = true
    this.#heartbeat?.()
    this.#linger?.()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    this.#options.onClose(this)
  }
}
