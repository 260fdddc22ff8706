import type { Clock } from '#lib/clock.ts'

/** Waits between tries that fail, ms. */
export const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000] as const
/** A request without an answer for so long is given up and made again. */
const PUT_TIMEOUT_MS = 10_000

export interface TellerOptions {
  clock: Clock
  /** States how things are now; false when that failed. It may call `tell` for another one to follow. */
  send(): Promise<boolean>
  /** While it is not, nothing is told; whoever makes it so tells again. */
  isOpen(): boolean
}

/** Tells the relay how things are: one request at a time, what changes meanwhile with the next, until it is taken. */
export class Teller {
  readonly #options: TellerOptions
  #busy = false
  #dirty = false
  #tries = 0
  #retry: unknown
  #closed = false

  constructor(options: TellerOptions) {
    this.#options = options
  }

  /** Something changed. */
  tell(): void {
    this.#dirty = true
    if (this.#options.isOpen()) void this.#run()
  }

  close(): void {
    this.#closed = true
    this.#options.clock.clearTimeout(this.#retry)
  }

  async #run(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    const { clock, send, isOpen } = this.#options
    clock.clearTimeout(this.#retry)
    let ok = true
    while (ok && this.#dirty && !this.#closed) {
      this.#dirty = false
      ok = await send()
    }
    this.#busy = false
    if (ok) {
      this.#tries = 0
      return
    }
    this.#dirty = true
    if (this.#closed) return
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)]!
    this.#retry = clock.setTimeout(() => {
      if (isOpen()) void this.#run()
    }, wait)
  }
}

/** Puts JSON; true when the relay took it. */
export async function putJson(url: string, body: object, clock: Clock): Promise<boolean> {
  const giveUp = new AbortController()
  const timer = clock.setTimeout(() => {
    giveUp.abort()
  }, PUT_TIMEOUT_MS)
  try {
    const { ok } = await fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: giveUp.signal,
    })
    return ok
  } catch {
    return false
  } finally {
    clock.clearTimeout(timer)
  }
}

/**
 * What one page watches, as the relay is told. A topic that is let go and comes back begins anew in the page,
 * and must at the relay: it is first told without it, then with it.
 */
export class ToldTopics {
  #topics: readonly string[] = []
  /** What the relay may take for watched: what it acknowledged last, and what is under way. */
  #told = new Set<string>()
  /** Of these, what was let go since. */
  readonly #left = new Set<string>()

  set(topics: readonly string[]): void {
    this.#topics = topics
    const wanted = new Set(topics)
    for (const topic of this.#told) if (!wanted.has(topic)) this.#left.add(topic)
  }

  /** What to tell now; `again` when more must be told after it. */
  next(): { topics: string[]; again: boolean } {
    const topics = this.#topics.filter((topic) => !this.#left.has(topic))
    for (const topic of topics) this.#told.add(topic)
    return { topics, again: topics.length < this.#topics.length }
  }

  /** The relay took what it was told. */
  taken(topics: readonly string[]): void {
    this.#told = new Set(topics)
    for (const topic of this.#left) if (!this.#told.has(topic)) this.#left.delete(topic)
  }
}
