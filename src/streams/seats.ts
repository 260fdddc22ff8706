import type { Clock } from '#lib/clock.ts'
import type { Share } from './connection.ts'

/** Browsers open six connections to one host over HTTP/1.1: some must be left for requests. */
const MOST_STREAMS = 4
/** So long other pages have to answer, ms. */
const ANSWER_MS = 300

type Message =
  | { k: 'who'; from: string }
  | { k: 'have'; from: string; hidden: boolean; since: number }
  /** `to` gives its connection to `from`. */
  | { k: 'give'; to: string; from: string }
  | { k: 'free' }

export interface SeatsOptions {
  clock: Clock
  session: string
  channel: Pick<BroadcastChannel, 'postMessage' | 'onmessage' | 'close'>
  isHidden(): boolean
  /** Opens the page's stream, or ends it. */
  sit(sits: boolean): void
  told(share: Share): void
}

/**
 * Shares the few connections of a browser out among pages that each need an event stream of their own. A page
 * that finds none left says so, and may take the one of another page: of a hidden one rather than of one in
 * sight, of the one that has had it longest.
 */
export class Seats {
  readonly #options: SeatsOptions
  #sits = false
  #since = 0
  #asking: unknown
  #taking = false
  #holders = new Map<string, { hidden: boolean; since: number }>()

  constructor(options: SeatsOptions) {
    this.#options = options
    options.channel.onmessage = ({ data }: MessageEvent<Message>) => {
      this.#hear(data)
    }
  }

  /** Asks the other pages whether there is a connection left, and takes it. */
  ask(take = false): void {
    if (this.#sits) return
    const { clock, session } = this.#options
    this.#taking ||= take
    this.#holders = new Map()
    this.#say({ k: 'who', from: session })
    clock.clearTimeout(this.#asking)
    this.#asking = clock.setTimeout(() => {
      this.#decide()
    }, ANSWER_MS)
  }

  /** Gives the connection up, for whoever waits for one. */
  leave(): void {
    this.#options.clock.clearTimeout(this.#asking)
    if (!this.#sits) return
    this.#sits = false
    this.#say({ k: 'free' })
  }

  close(): void {
    this.leave()
    this.#options.channel.close()
  }

  #decide(): void {
    const { session, told } = this.#options
    const taking = this.#taking
    this.#taking = false
    if (this.#holders.size >= MOST_STREAMS) {
      if (!taking) {
        told('none-left')
        return
      }
      const [to] = [...this.#holders].sort(
        ([, a], [, b]) => Number(b.hidden) - Number(a.hidden) || a.since - b.since,
      )[0]!
      this.#say({ k: 'give', to, from: session })
    }
    this.#sit()
  }

  #sit(): void {
    const { clock, sit, told } = this.#options
    this.#sits = true
    this.#since = clock.now()
    told(null)
    sit(true)
  }

  #hear(message: Message): void {
    const { session, isHidden, sit, told } = this.#options
    switch (message.k) {
      case 'who':
        if (this.#sits) this.#say({ k: 'have', from: session, hidden: isHidden(), since: this.#since })
        return
      case 'have':
        this.#holders.set(message.from, message)
        return
      case 'give':
        if (message.to !== session || !this.#sits) return
        this.#sits = false
        sit(false)
        told('given')
        return
      case 'free':
        if (!this.#sits) this.ask()
    }
  }

  #say(message: Message): void {
    this.#options.channel.postMessage(message)
  }
}
