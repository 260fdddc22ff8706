import type { Clock } from '#lib/clock.ts'
import { detached } from '#lib/detached.ts'
import { isolate } from '#lib/isolate.ts'
import type { Gap } from '#model/gap.ts'
import type { StreamState } from '#model/stream-state.ts'
import { parseStreamJson } from '#protocols/labdaemon/json.ts'
import type { DeviceMessage } from '../device-samples.ts'
import { CounterGaps, missedText, type Missed } from './counter-gaps.ts'
import { DeviceStream, type DeviceStreamOptions } from './device-stream.ts'
import { RawMessages } from '../raw-messages.ts'
import type { Traffic } from '../traffic.ts'
import type { SseMessage } from './sse.ts'

/** Losses are told at most so often, summed. */
const TELL_MS = 1_000
/** The rate is the mean over so many seconds. */
const RATE_SECONDS = 3

export interface DeviceUpstreamOptions extends Omit<
  DeviceStreamOptions,
  'onMessages' | 'onState' | 'onInterrupted'
> {
  raw: RawMessages
  traffic: Traffic
  /** The messages of one network chunk, in order. */
  receive(messages: readonly DeviceMessage[]): void
  gap(gap: Gap): void
  /** Nothing more comes for now. */
  ended(): void
  onState(state: StreamState): void
  onInterrupted(): void
}

/** One device's stream turned into samples and gaps of its record. */
export class DeviceUpstream {
  readonly stream: DeviceStream
  readonly #options: DeviceUpstreamOptions
  readonly #clock: Clock
  readonly #counters = new CounterGaps()
  #missed: Missed[] = []
  #unreadable: { count: number; first: string } | null = null
  /** Where the first of what is to be told belongs, ms since epoch. */
  #lostAt: number | null = null
  #toldAt = -Infinity
  #teller: unknown
  #messages = 0
  #perSecond: number[] = []
  #eventAt: number | null = null

  constructor(options: DeviceUpstreamOptions) {
    this.#options = options
    this.#clock = options.clock
    this.stream = new DeviceStream({
      ...options,
      onMessages: (messages) => {
        this.#onMessages(messages)
      },
      onState: (state) => {
        if (state.name === 'closed' || state.name === 'failed') this.#over()
        options.onState(state)
      },
      onInterrupted: (cut, why) => {
        this.#over()
        this.#counters.interrupted()
        if (cut) this.#gap('malformed', why)
        this.#gap('disconnected', `${why}; what was missed is not known`)
        options.onInterrupted()
      },
    })
  }

  /** Messages received in all. */
  get messages(): number {
    return this.#messages
  }

  /** When the last message was received, ms since epoch. */
  get eventAt(): number | null {
    return this.#eventAt
  }

  /** Messages per second over the last few; to be asked once a second. */
  rate(): number {
    this.#perSecond = [...this.#perSecond, this.#messages].slice(-(RATE_SECONDS + 1))
    const seconds = this.#perSecond.length - 1
    if (seconds === 0) return this.#messages
    return Math.round(((this.#messages - this.#perSecond[0]!) / seconds) * 10) / 10
  }

  #onMessages(messages: readonly SseMessage[]): void {
    const now = this.#clock.now()
    const received: DeviceMessage[] = []
    for (const { event, data } of messages) {
      if (event !== 'device_data') continue
      this.#messages += 1
      this.#options.traffic.events += 1
      this.#options.raw.keep(now, event, data)
      try {
        received.push({ json: data, body: parseStreamJson(data) })
      } catch {
        this.#unreadable = {
          count: (this.#unreadable?.count ?? 0) + 1,
          first: this.#unreadable?.first ?? detached(data.slice(0, 200)),
        }
      }
    }
    for (const { body } of received)
      isolate(this.#counters, () => {
        this.#missed.push(...this.#counters.next(body))
      })
    // Before what follows it: the line breaks between the last point and the next.
    this.#tell(this.#eventAt ?? now)
    if (received.length > 0) {
      this.#eventAt = now
      this.#options.receive(received)
    }
  }

  /** Tells what was lost, if there is something and its time has come. */
  #tell(at: number): void {
    if (this.#missed.length === 0 && !this.#unreadable) return
    this.#lostAt ??= at
    const wait = this.#toldAt + TELL_MS - this.#clock.monotonic()
    if (wait > 0) {
      this.#teller ??= this.#clock.setTimeout(() => {
        this.#tellNow()
      }, wait)
      return
    }
    this.#tellNow()
  }

  #tellNow(): void {
    this.#clock.clearTimeout(this.#teller)
    this.#teller = undefined
    this.#toldAt = this.#clock.monotonic()
    const at = this.#lostAt ?? this.#clock.now()
    this.#lostAt = null
    const missed = this.#missed
    const unreadable = this.#unreadable
    this.#missed = []
    this.#unreadable = null
    if (missed.length > 0)
      this.#options.gap({
        at,
        cause: 'dropped',
        text: missedText(missed),
        missed: missed.reduce((sum, { count }) => sum + count, 0),
      })
    if (unreadable) {
      const { count, first } = unreadable
      const what = count === 1 ? 'a message that is no JSON' : `${count} messages that are no JSON`
      this.#options.gap({ at, cause: 'malformed', text: `${what}: ${first}`, missed: null })
    }
  }

  #over(): void {
    if (this.#missed.length > 0 || this.#unreadable) this.#tellNow()
    this.#options.ended()
  }

  #gap(cause: Gap['cause'], text: string): void {
    this.#options.gap({ at: this.#clock.now(), cause, text, missed: null })
  }
}
