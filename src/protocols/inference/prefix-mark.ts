/*
 * Remembers what a growing text began with, in a few bytes per block instead of the text itself: the logs of
 * a hundred tasks are not kept twice, and a check costs what it looks at (inference.sh wire contract §8).
 */

const BLOCK = 16_384
/** Blocks looked at in turn, beside the first, the last and the unfinished one. */
const ROUNDS = 6
/** Texts up to this many blocks are compared whole every time. */
const SMALL = 12

/**
 * The mark of a text's first `length` characters. A check looks at the beginning, the end and a few blocks in
 * turn, which finds at once every text that was moved, cut or begun anew; a change in the middle that moved
 * nothing is found by one of the next checks, or at once by a thorough one. Short texts are compared whole.
 */
export class PrefixMark {
  #length = 0
  /** Digests of the whole blocks. */
  #blocks: number[] = []
  /** Digest of what follows them. */
  #rest = digestOf('', 0, 0)
  #turn = 0

  get length(): number {
    return this.#length
  }

  /** Extends the mark to the first `length` characters of `text`, which begins with what is marked already. */
  extend(text: string, length: number): void {
    for (let block = this.#blocks.length; (block + 1) * BLOCK <= length; block++)
      this.#blocks.push(digestOf(text, block * BLOCK, (block + 1) * BLOCK))
    this.#length = length
    this.#rest = digestOf(text, this.#blocks.length * BLOCK, length)
  }

  /** True when `text` begins with what is marked, as far as was looked. */
  matches(text: string, thorough: boolean): boolean {
    if (text.length < this.#length) return false
    const count = this.#blocks.length
    if (digestOf(text, count * BLOCK, this.#length) !== this.#rest) return false
    if (thorough || count <= SMALL) {
      for (let block = 0; block < count; block++) if (!this.#same(text, block)) return false
      return true
    }
    if (!this.#same(text, 0) || !this.#same(text, count - 1)) return false
    for (let round = 0; round < ROUNDS; round++) {
      this.#turn = (this.#turn + 1) % count
      if (!this.#same(text, this.#turn)) return false
    }
    return true
  }

  #same(text: string, block: number): boolean {
    return digestOf(text, block * BLOCK, (block + 1) * BLOCK) === this.#blocks[block]
  }
}

/** 53 bits over the characters `from` to `to`: two multiplicative hashes, fed four characters at a time. */
function digestOf(text: string, from: number, to: number): number {
  let high = 0x9e3779b9
  let low = 0x85ebca6b
  let at = from
  for (; at + 4 <= to; at += 4) {
    const first = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16)
    const second = text.charCodeAt(at + 2) | (text.charCodeAt(at + 3) << 16)
    high = Math.imul(high ^ first, 0x01000193)
    low = Math.imul(low ^ second, 0x85ebca6b)
    high = Math.imul(high ^ (high >>> 15) ^ second, 0xc2b2ae35)
    low = Math.imul(low ^ (low >>> 13) ^ first, 0x27d4eb2f)
  }
  for (; at < to; at++) {
    high = Math.imul(high ^ text.charCodeAt(at) ^ (high >>> 15), 0xc2b2ae35)
    low = Math.imul(low ^ text.charCodeAt(at) ^ (low >>> 13), 0x27d4eb2f)
  }
  return (high >>> 0) * 0x20_0000 + (low >>> 11)
}
