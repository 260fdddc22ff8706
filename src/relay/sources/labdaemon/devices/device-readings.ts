import { detached } from '#lib/detached.ts'
import { formatUtcTime } from '#lib/format.ts'
import { isolate } from '#lib/isolate.ts'
import type { Gap } from '#model/gap.ts'
import { parseStreamJson } from '#protocols/labdaemon/json.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { DeviceMessage } from '#model/samples.ts'
import { DEVICE } from '#topics/device.ts'
import { RawMessages } from '../../../raw-messages.ts'
import type { Lab } from '../lab.ts'
import { CounterGaps, missedText, type Missed } from '../streams/counter-gaps.ts'
import type { SseMessage } from '../../../read-sse.ts'

/** Losses are told at most so often, summed. */
const TELL_MS = 1_000
/** The rate is the mean over so many seconds. */
const RATE_SECONDS = 3

/** What the streams of one device bring, one after another, turned into samples and gaps of its record. */
export class DeviceReadings {
  readonly #lab: Lab
  readonly #id: string
  readonly #raw = new RawMessages()
  #counters = new CounterGaps()
  #missed: Missed[] = []
  #unreadable: { count: number; first: string } | null = null
  /** Where the first of what is to be told belongs, ms since epoch. */
  #lostAt: number | null = null
  /** ms of the monotonic clock. */
  #toldAt = -Infinity
  #teller: unknown
  /** Messages of the present stream. */
  #messages = 0
  #perSecond: number[] = []
  #eventAt: number | null = null
  /** When the stream before ended, ms since epoch: what came after is missing. */
  #endedAt: number | null = null

  constructor(lab: Lab, id: string) {
    this.#lab = lab
    this.#id = id
  }

  /** The newest messages as they came. */
  get raw(): readonly RawItem[] {
    return this.#raw.items
  }

  /** When the present stream brought its last message, ms since epoch; null before the first. */
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

  /** The stream is open: since the one before nothing was asked of the device. */
  opened(): void {
    if (this.#endedAt === null) return
    const now = this.#now
    const text = `not streamed from ${formatUtcTime(this.#endedAt)} to ${formatUtcTime(now)} UTC`
    this.#endedAt = null
    this.#gap({ at: now, cause: 'late', text, missed: null })
  }

  /** Enters the messages of one network chunk, in order. */
  receive(messages: readonly SseMessage[]): void {
    const { context, traffic } = this.#lab
    const now = this.#now
    const received: DeviceMessage[] = []
    for (const { event, data } of messages) {
      if (event !== 'device_data') continue
      this.#messages += 1
      traffic.events += 1
      this.#raw.keep(now, event, data)
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
      context.samples.receive(DEVICE, context.name, this.#id, received)
    }
  }

  /** The stream was lost, or opened again; `cut`: inside a message. */
  interrupted(cut: boolean, why: string): void {
    this.paused()
    this.#counters.interrupted()
    const at = this.#now
    if (cut) this.#gap({ at, cause: 'malformed', text: why, missed: null })
    this.#gap({ at, cause: 'disconnected', text: `${why}; what was missed is not known`, missed: null })
  }

  /** Nothing more comes for now. */
  paused(): void {
    if (this.#missed.length > 0 || this.#unreadable) this.#tellNow()
    const { samples, name } = this.#lab.context
    samples.ended(DEVICE, name, this.#id)
  }

  /** The stream is over; another may follow. */
  ended(): void {
    if (this.#messages > 0) this.#endedAt = this.#now
    this.#messages = 0
    this.#perSecond = []
    this.#eventAt = null
    this.#counters = new CounterGaps()
  }

  get #now(): number {
    return this.#lab.context.clock.now()
  }

  /** Tells what was lost, if there is something and its time has come. */
  #tell(at: number): void {
    if (this.#missed.length === 0 && !this.#unreadable) return
    this.#lostAt ??= at
    const { clock } = this.#lab.context
    const wait = this.#toldAt + TELL_MS - clock.monotonic()
    if (wait > 0) {
      this.#teller ??= clock.setTimeout(() => {
        this.#tellNow()
      }, wait)
      return
    }
    this.#tellNow()
  }

  #tellNow(): void {
    const { clock } = this.#lab.context
    clock.clearTimeout(this.#teller)
    this.#teller = undefined
    this.#toldAt = clock.monotonic()
    const at = this.#lostAt ?? clock.now()
    this.#lostAt = null
    const missed = this.#missed
    const unreadable = this.#unreadable
    this.#missed = []
    this.#unreadable = null
    if (missed.length > 0)
      this.#gap({
        at,
        cause: 'dropped',
        text: missedText(missed),
        missed: missed.reduce((sum, { count }) => sum + count, 0),
      })
    if (unreadable) {
      const { count, first } = unreadable
      const what = count === 1 ? 'a message that is no JSON' : `${count} messages that are no JSON`
      this.#gap({ at, cause: 'malformed', text: `${what}: ${first}`, missed: null })
    }
  }

  #gap(gap: Gap): void {
    const { context, traffic } = this.#lab
    traffic.gaps += 1
    context.samples.gap(DEVICE, context.name, this.#id, gap)
  }
}
