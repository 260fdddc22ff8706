import type { Fetch } from '#lib/fetch.ts'

/** A shorter key is no secret, and would take ordinary words out of outputs. */
const SHORTEST_KEY = 8

/**
 * The same way to a service, but whatever answers with the key (an echo of the request, say) answers without
 * it: in the body, across pieces, in headers and in errors. So it reaches no page, no record and no log.
 * Stars stand in its place, as many as it has characters, so that lengths which were told stay true.
 */
export function withoutKey(fetch: Fetch, key: string): Fetch {
  if (key.length < SHORTEST_KEY) return fetch
  const stars = '*'.repeat(key.length)
  return async (url, init) => {
    let response: Response
    try {
      response = await fetch(url, init)
    } catch (error) {
      throw cleanError(error, key, stars)
    }
    const headers = new Headers(response.headers)
    for (const [name, value] of response.headers) if (value.includes(key)) headers.delete(name)
    const statusText = response.statusText.includes(key) ? '' : response.statusText
    if (!response.body) return new Response(null, { status: response.status, statusText, headers })
    const cleaner = new ByteReplacer(new TextEncoder().encode(key), new TextEncoder().encode(stars))
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, controller) => {
          for (const piece of cleaner.push(chunk)) controller.enqueue(piece)
        },
        flush: (controller) => {
          const rest = cleaner.end()
          if (rest.length > 0) controller.enqueue(rest)
        },
      }),
    )
    return new Response(body, { status: response.status, statusText, headers })
  }
}

/** An error of fetch may quote the header it could not send. An abort stays what it is. */
function cleanError(error: unknown, key: string, stars: string): unknown {
  const says = (each: unknown): boolean =>
    each instanceof Error && (each.message.includes(key) || says(each.cause))
  return says(error) ? new TypeError((error as Error).message.replaceAll(key, stars)) : error
}

/**
 * Replaces a byte sequence in a stream of chunks. Only what may be its beginning waits for the next chunk, so
 * a line that is whole is passed on at once.
 */
export class ByteReplacer {
  readonly #needle: Uint8Array
  readonly #instead: Uint8Array
  /** By the byte under the needle's last place: how far on the needle may be next (Horspool's method). */
  readonly #skip: Uint8Array
  #held: Uint8Array = new Uint8Array()

  constructor(needle: Uint8Array, instead: Uint8Array) {
    this.#needle = needle
    this.#instead = instead
    this.#skip = new Uint8Array(256).fill(Math.min(255, needle.length))
    for (let i = 0; i < needle.length - 1; i++) this.#skip[needle[i]!] = Math.min(255, needle.length - 1 - i)
  }

  push(chunk: Uint8Array): Uint8Array[] {
    const bytes = this.#held.length === 0 ? chunk : joined(this.#held, chunk)
    const pieces: Uint8Array[] = []
    let from = 0
    for (let at = this.#find(bytes, 0); at >= 0; at = this.#find(bytes, from)) {
      if (at > from) pieces.push(bytes.subarray(from, at))
      pieces.push(this.#instead)
      from = at + this.#needle.length
    }
    const begun = this.#begunAtEnd(bytes, from)
    const end = bytes.length - begun
    if (end > from) pieces.push(bytes.subarray(from, end))
    this.#held = bytes.slice(end)
    return pieces
  }

  /** What was held back. */
  end(): Uint8Array {
    const rest = this.#held
    this.#held = new Uint8Array()
    return rest
  }

  #find(bytes: Uint8Array, from: number): number {
    const needle = this.#needle
    const last = needle.length - 1
    for (let at = from; at + last < bytes.length; at += this.#skip[bytes[at + last]!]!) {
      let i = last
      while (i >= 0 && bytes[at + i] === needle[i]) i -= 1
      if (i < 0) return at
    }
    return -1
  }

  /** How many bytes at the end are the needle's beginning. */
  #begunAtEnd(bytes: Uint8Array, from: number): number {
    const most = Math.min(this.#needle.length - 1, bytes.length - from)
    for (let length = most; length > 0; length--) {
      const start = bytes.length - length
      let i = 0
      while (i < length && bytes[start + i] === this.#needle[i]) i += 1
      if (i === length) return length
    }
    return 0
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length)
  bytes.set(a)
  bytes.set(b, a.length)
  return bytes
}
