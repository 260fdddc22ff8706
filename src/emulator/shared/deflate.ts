/** Longest match that deflate can say, and how far back one may lie (RFC 1951). */
const MAX_MATCH = 258
const WINDOW = 32_768
const HASH_BITS = 15

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
]
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1_025, 1_537, 2_049, 3_073,
  4_097, 6_145, 8_193, 12_289, 16_385, 24_577,
]
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]

class BitWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #length = 0
  #bits = 0
  #count = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** Low bits first. */
  write(value: number, count: number): void {
    this.#bits |= value << this.#count
    this.#count += count
    while (this.#count >= 8) {
      this.byte(this.#bits & 0xff)
      this.#bits >>>= 8
      this.#count -= 8
    }
  }

  /** Huffman codes have their high bit first. */
  code(value: number, count: number): void {
    let reversed = 0
    for (let bit = 0; bit < count; bit++) reversed |= ((value >> bit) & 1) << (count - 1 - bit)
    this.write(reversed, count)
  }

  align(): void {
    if (this.#count > 0) this.write(0, 8 - this.#count)
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#length * 2 + 64)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length++] = value
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }
}

/** Zlib data: one block with the fixed codes, greedy matches. Synchronous and the same on every runtime. */
export function zlib(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new BitWriter(data.length >> 1)
  out.byte(0x78)
  out.byte(0x9c)
  out.write(1, 1)
  out.write(1, 2)
  const heads = new Int32Array(1 << HASH_BITS).fill(-1)
  let at = 0
  while (at < data.length) {
    const hash = hashAt(data, at)
    const candidate = heads[hash] ?? -1
    heads[hash] = at
    const length = candidate >= 0 && at - candidate <= WINDOW ? matchLength(data, candidate, at) : 0
    if (length < 3) {
      writeSymbol(out, data[at] ?? 0)
      at++
      continue
    }
    writeMatch(out, length, at - candidate)
    // Only some of the places inside a long match are worth remembering.
    for (let inside = at + 1; inside < at + length && inside < at + 16; inside++)
      heads[hashAt(data, inside)] = inside
    at += length
  }
  writeSymbol(out, 256)
  out.align()
  const sum = adler32(data)
  for (const shift of [24, 16, 8, 0]) out.byte((sum >>> shift) & 0xff)
  return out.finish()
}

function hashAt(data: Uint8Array, at: number): number {
  const three = ((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0)
  return Math.imul(three, 0x9e3779b1) >>> (32 - HASH_BITS)
}

function matchLength(data: Uint8Array, from: number, at: number): number {
  const most = Math.min(MAX_MATCH, data.length - at)
  let length = 0
  while (length < most && data[from + length] === data[at + length]) length++
  return length
}

function writeSymbol(out: BitWriter, symbol: number): void {
  if (symbol < 144) out.code(48 + symbol, 8)
  else if (symbol < 256) out.code(400 + symbol - 144, 9)
  else if (symbol < 280) out.code(symbol - 256, 7)
  else out.code(192 + symbol - 280, 8)
}

function writeMatch(out: BitWriter, length: number, distance: number): void {
  const lengthCode = lastNotAbove(LENGTH_BASE, length)
  writeSymbol(out, 257 + lengthCode)
  out.write(length - (LENGTH_BASE[lengthCode] ?? 0), LENGTH_EXTRA[lengthCode] ?? 0)
  const distanceCode = lastNotAbove(DISTANCE_BASE, distance)
  out.code(distanceCode, 5)
  out.write(distance - (DISTANCE_BASE[distanceCode] ?? 0), DISTANCE_EXTRA[distanceCode] ?? 0)
}

function lastNotAbove(bases: readonly number[], value: number): number {
  let index = bases.length - 1
  while ((bases[index] ?? 0) > value) index--
  return index
}

function adler32(data: Uint8Array): number {
  let low = 1
  let high = 0
  for (let at = 0; at < data.length;) {
    const end = Math.min(at + 3_800, data.length)
    for (; at < end; at++) {
      low += data[at] ?? 0
      high += low
    }
    low %= 65_521
    high %= 65_521
  }
  return ((high << 16) | low) >>> 0
}
