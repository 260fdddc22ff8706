import { createParser } from 'eventsource-parser'
import type { Clock } from '#lib/clock.ts'
import type { Port } from '#streams/worker-messages.ts'

/** What answers requests; null: nobody. */
export interface Network {
  answers: ((url: string, init?: RequestInit) => Promise<Response>) | null
}

/** An EventSource over a relay in this process, as browsers have it: it reconnects by itself after 3 s. */
export function eventSourceOver(network: Network, clock: Clock) {
  return class extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSED = 2
    /** Those that are open, with what ends each as a broken connection would. */
    static readonly open = new Set<() => void>()
    static made = 0
    /** Nothing that comes is heard: the other side hangs. */
    static isDeaf = false
    readyState = 0
    onerror: ((event: Event) => void) | null = null
    readonly url: string
    #reader: ReadableStreamDefaultReader<Uint8Array> | null = null
    #retry: unknown

    constructor(url: string) {
      super()
      this.url = url
      void this.#connect()
    }

    close(): void {
      this.readyState = 2
      clock.clearTimeout(this.#retry)
      void this.#reader?.cancel()
    }

    async #connect(): Promise<void> {
      const self = this.constructor as unknown as { open: Set<() => void>; made: number; isDeaf: boolean }
      self.made += 1
      let breaks = () => undefined as void
      try {
        const response = await network.answers?.(this.url)
        if (this.readyState === 2) {
          await response?.body?.cancel()
          return
        }
        if (!response) throw new Error('nobody answers')
        if (!response.ok) {
          this.readyState = 2
          this.onerror?.(new Event('error'))
          return
        }
        this.readyState = 1
        const reader = response.body!.getReader()
        this.#reader = reader
        breaks = () => void reader.cancel()
        self.open.add(breaks)
        const decoder = new TextDecoder()
        const parser = createParser({
          onEvent: ({ event, data, id }) => {
            if (this.readyState === 1 && !self.isDeaf)
              this.dispatchEvent(new MessageEvent(event ?? 'message', { data, lastEventId: id ?? '' }))
          },
        })
        for (;;) {
          const { done, value } = await reader.read()
          if (done) break
          parser.feed(decoder.decode(value, { stream: true }))
        }
      } catch {
        // Broken: as below.
      }
      self.open.delete(breaks)
      if (this.readyState === 2) return
      this.readyState = 0
      this.onerror?.(new Event('error'))
      this.#retry = clock.setTimeout(() => void this.#connect(), 3_000)
    }
  }
}

/** Two ends of a channel. What goes to an end that is held waits there, in order. */
export function portPair<A, B>(): { a: FakePort<A, B>; b: FakePort<B, A> } {
  const a = new FakePort<A, B>()
  const b = new FakePort<B, A>()
  a.other = b
  b.other = a
  return { a, b }
}

export class FakePort<In, Out> implements Port<In, Out> {
  other: FakePort<Out, In> | null = null
  onmessage: ((event: MessageEvent<In>) => void) | null = null
  /** Messages that went through. */
  received = 0
  #held = false
  #closed = false
  #queue: In[] = []

  /** A page that is frozen or busy reads nothing until it is let go. */
  set held(held: boolean) {
    this.#held = held
    this.#drain()
  }

  get waiting(): number {
    return this.#queue.length
  }

  postMessage(message: Out): void {
    const { other } = this
    if (this.#closed || !other) return
    // What is sent is a copy.
    other.#queue.push(structuredClone(message))
    queueMicrotask(() => {
      other.#drain()
    })
  }

  close(): void {
    this.#closed = true
    this.#queue = []
  }

  #drain(): void {
    while (!this.#held && !this.#closed && this.#queue.length > 0 && this.onmessage) {
      this.received += 1
      this.onmessage(new MessageEvent('message', { data: this.#queue.shift()! }))
    }
  }
}
