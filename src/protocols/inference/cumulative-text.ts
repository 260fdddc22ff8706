import { detached } from '#lib/detached.ts'
import { decodeBase64, mayBecomeBase64 } from './base64.ts'
import { PrefixMark } from './prefix-mark.ts'

/** What an update did to a text: nothing, more at its end, or another text in its place. */
export type TextChange = { kind: 'appended' | 'replaced'; text: string } | null

/** Beyond this, characters that could be base64 but were not are not tried again. */
const RETRY_CHARS = 65_536

/**
 * One text that is sent whole, again and again, as it grows (inference.sh wire contract §8): base64 of UTF-8, or
 * as it is. Work per update is in proportion to what is new: the part that is known is recognised by its mark,
 * and only what follows it is decoded.
 */
export class CumulativeText {
  readonly #maybeBase64: boolean
  /** The wire characters that are dealt with; whole groups of four in base64. */
  #mark = new PrefixMark()
  #mode: 'empty' | 'base64' | 'plain' = 'empty'
  /** Bytes of a padded last group: they are out already, and begin the next group when the text grows. */
  #spare: Uint8Array = EMPTY
  /** Bytes of a character that has not arrived whole. */
  #carry: Uint8Array = EMPTY
  /** Plain so far, but longer it may turn out to be base64. */
  #undecided = false

  /** @param maybeBase64 false where the dialect sends plain text */
  constructor(maybeBase64: boolean) {
    this.#maybeBase64 = maybeBase64
  }

  /** @param thorough compare all of what is known, not samples of it */
  update(wire: string, thorough: boolean): TextChange {
    if (this.#mode !== 'empty' && this.#mark.matches(wire, thorough)) {
      const text = this.#mode === 'base64' ? this.#grownBase64(wire) : this.#grownPlain(wire)
      if (text !== null) return text === '' ? null : { kind: 'appended', text }
    }
    return this.#begin(wire)
  }

  /** The text that follows what is known; null when the whole has to be read anew. */
  #grownBase64(wire: string): string | null {
    const bytes = decodeBase64(wire, this.#mark.length)
    if (!bytes || bytes.length < this.#spare.length) return null
    for (const [index, byte] of this.#spare.entries()) if (bytes[index] !== byte) return null
    const fresh = bytes.subarray(this.#spare.length)
    this.#consume(wire, bytes)
    if (fresh.length === 0) return ''
    const all = this.#carry.length > 0 ? joined(this.#carry, fresh) : fresh
    const whole = all.length - unfinished(all)
    this.#carry = all.slice(whole)
    // A byte that is no UTF-8 is no reason to turn a log that was readable so far into base64.
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(all.subarray(0, whole))
  }

  #grownPlain(wire: string): string | null {
    const from = this.#mark.length
    if (from === wire.length) return ''
    if (this.#undecided && wire.length <= RETRY_CHARS) return null
    this.#undecided = false
    this.#mark.extend(wire, wire.length)
    return detached(wire.slice(from))
  }

  #begin(wire: string): TextChange {
    const grown = this.#mode === 'plain' && this.#mark.matches(wire, true) ? this.#mark.length : 0
    const known = this.#mode !== 'empty'
    this.#mark = new PrefixMark()
    this.#spare = EMPTY
    this.#carry = EMPTY
    this.#undecided = false
    const bytes = this.#maybeBase64 && wire !== '' ? decodeBase64(wire) : null
    const text = bytes && utf8(bytes)
    if (bytes && text !== null) {
      this.#mode = 'base64'
      this.#consume(wire, bytes)
      return known ? { kind: 'replaced', text } : text === '' ? null : { kind: 'appended', text }
    }
    this.#mode = wire === '' ? 'empty' : 'plain'
    this.#undecided = this.#maybeBase64 && mayBecomeBase64(wire)
    this.#mark.extend(wire, wire.length)
    if (grown > 0) return { kind: 'appended', text: detached(wire.slice(grown)) }
    if (known) return { kind: 'replaced', text: wire }
    return wire === '' ? null : { kind: 'appended', text: wire }
  }

  /** Notes how far `wire` is dealt with; `bytes` are those from the mark on. */
  #consume(wire: string, bytes: Uint8Array): void {
    const padded = wire.endsWith('=')
    const length = padded ? wire.length - 4 : wire.length
    this.#spare = padded ? bytes.slice(bytes.length - (bytes.length % 3)) : EMPTY
    this.#mark.extend(wire, length)
  }
}

const EMPTY = new Uint8Array(0)

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** How many bytes at the end begin a character that is not whole; 0 to 3. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if ((byte & 0xc0) === 0x80) continue
    const length = byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return byte < 0xf8 && length > back ? back : 0
  }
  return 0
}
