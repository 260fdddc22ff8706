import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'
import { StoreError } from '../../record/store.ts'

/*
 * Doubles on disk, exact, in the shortest of three ways:
 *
 *   plain      8 bytes each.
 *   scaled     Measured values mostly have few decimals, and times few fractions: they are whole numbers of a unit.
 *              Of these the differences stand, or the differences of the differences.
 *   shuffled   All others: the first bytes of all of them, then the second ones … Neighbours have their exponents
 *              and first digits in common, where not as they are then as what differs (XOR).
 *
 * Both latter ways make planes of bytes, each of which is deflated by itself if it can become shorter.
 *
 *   byte 0     PLAIN, SCALED or SHUFFLED; then, little-endian:
 *   PLAIN      the doubles
 *   SCALED     u8 unit, u8 order, u8 width (planes), u32 count, u32 exceptions, f64 first, f64 first difference,
 *              exceptions (u32 index, u8 which), planes
 *   SHUFFLED   u8 xor, u32 count, planes
 *   planes     sections: u8 deflated, u32 length, the bytes; a section is a plane, or all of them where they are short
 */

const PLAIN = 0
const SCALED = 1
const SHUFFLED = 2

/** Fewer are plain. */
const LEAST = 8
/** Shorter planes are deflated together. */
const OWN_SECTION = 1_024
/** Units of a scaled number: decimals, and the fractions of a ms that a double of ms since 1970 has. */
const UNITS = [1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 4_096]
/** Whole numbers and their differences are exact below. */
const MOST_WHOLE = 2 ** 53
const MOST_DIFFERENCE = 2 ** 51
/** Values that no unit has. */
const EXCEPTIONS = [Number.NaN, Infinity, -Infinity, -0]
/** Bytes of a plane of which it is estimated how short it can become. */
const SAMPLE = 1_024
/** Entropy in bits per byte above which deflating is no use, and above which only single bytes and runs have any. */
const RANDOM = 7.8
const NOISY = 3
/** Small windows and little memory: a section is short. */
const DEFLATE = { level: 3, windowBits: 13, memLevel: 8 }
const DEFLATE_NOISE = { ...DEFLATE, level: 1, strategy: constants.Z_RLE }

const scaledHeader = 28
const shuffledHeader = 6

/** Packs doubles. A NaN stays one, whatever its payload. */
export function packDoubles(values: Float64Array): Uint8Array {
  if (values.length >= LEAST) {
    const packed = scaled(values) ?? shuffled(values)
    if (packed.length < values.byteLength) return packed
  }
  return plain(values)
}

/** What `packDoubles` made. Throws StoreError for anything else. */
export function unpackDoubles(bytes: Uint8Array): Float64Array {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const way = view.getUint8(0)
    if (way === PLAIN) return fromPlain(bytes)
    if (way === SCALED) return fromScaled(bytes, view)
    if (way === SHUFFLED) return fromShuffled(bytes, view)
  } catch {
    // Said below.
  }
  throw new StoreError('damaged', `A block of numbers of the record is damaged (${bytes.length} bytes).`)
}

function plain(values: Float64Array): Uint8Array {
  const bytes = new Uint8Array(1 + values.byteLength)
  bytes[0] = PLAIN
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 1)
  return bytes
}

function fromPlain(bytes: Uint8Array): Float64Array {
  const values = new Float64Array((bytes.length - 1) / 8)
  new Uint8Array(values.buffer).set(bytes.subarray(1))
  return values
}

function scaled(values: Float64Array): Uint8Array | null {
  const n = values.length
  const found = wholeNumbers(values)
  if (!found) return null
  const { unit, whole, exceptions } = found
  const order = bestOrder(whole)
  const first = whole[0]!
  const step = order === 2 ? whole[1]! - first : 0
  const width = residuals(whole, order)
  if (width === null) return null
  const planes = splitWhole(whole, width)
  const sections = deflated(planes, n)
  const bytes = new Uint8Array(scaledHeader + exceptions.length * 5 + sections.length)
  const view = new DataView(bytes.buffer)
  bytes.set([SCALED, unit, order, width])
  view.setUint32(4, n, true)
  view.setUint32(8, exceptions.length, true)
  view.setFloat64(12, order === 0 ? 0 : first, true)
  view.setFloat64(20, step, true)
  let at = scaledHeader
  for (const [index, which] of exceptions) {
    view.setUint32(at, index, true)
    view.setUint8(at + 4, which)
    at += 5
  }
  bytes.set(sections, at)
  return bytes
}

/** The values as whole numbers of the largest unit that all of them have; null where there is none. */
function wholeNumbers(
  values: Float64Array,
): { unit: number; whole: Float64Array; exceptions: [index: number, which: number][] } | null {
  const n = values.length
  const whole = new Float64Array(n)
  for (let unit = 0; unit < UNITS.length; unit++) {
    const scale = UNITS[unit]!
    const exceptions: [number, number][] = []
    let previous = 0
    let i = 0
    for (; i < n; i++) {
      const value = values[i]!
      const number = Math.round(value * scale)
      if (
        number / scale === value &&
        Math.abs(number) < MOST_WHOLE &&
        (number !== 0 || !Object.is(value, -0))
      )
        previous = number
      else {
        const which = EXCEPTIONS.findIndex((each) => Object.is(each, value))
        if (which < 0) break
        exceptions.push([i, which])
        // So many have no place of their own here.
        if (exceptions.length > n / 8) return null
      }
      whole[i] = previous
    }
    if (i === n) return { unit, whole, exceptions }
  }
  return null
}

/** 0: the numbers themselves are shortest, 1: their differences, 2: the differences of these. */
function bestOrder(whole: Float64Array): 0 | 1 | 2 {
  let own = 0
  let first = 0
  let second = 0
  const start = Math.max(2, (whole.length - SAMPLE) >> 1)
  for (let i = start; i < Math.min(whole.length, start + SAMPLE); i++) {
    const value = whole[i]!
    const difference = value - whole[i - 1]!
    own += bitsOf(value)
    first += bitsOf(difference)
    second += bitsOf(difference - (whole[i - 1]! - whole[i - 2]!))
  }
  if (second < first && second < own) return 2
  return first < own ? 1 : 0
}

function bitsOf(value: number): number {
  const size = Math.abs(value)
  return size < 2 ** 32 ? 32 - Math.clz32(size) : 64 - Math.clz32(size / 2 ** 32)
}

/**
 * Puts in place of numbers what stands of them on disk: without sign, even for positive ones.
 * @returns bytes of each; null where numbers are too far apart to be exact
 */
function residuals(whole: Float64Array, order: 0 | 1 | 2): number | null {
  let before = order === 0 ? 0 : whole[0]!
  let step = order === 2 ? whole[1]! - before : 0
  let most = 0
  for (let i = 0; i < whole.length; i++) {
    const value = whole[i]!
    let left = value
    if (order > 0) {
      const difference = value - before
      before = value
      left = order === 1 || i === 0 ? difference : difference - step
      if (i > 0) step = difference
      if (!(Math.abs(difference) < MOST_DIFFERENCE)) return null
    }
    const unsigned = left < 0 ? -2 * left - 1 : 2 * left
    if (unsigned > most) most = unsigned
    whole[i] = unsigned
  }
  if (most >= MOST_WHOLE) return null
  let width = 0
  for (; most >= 1; most /= 256) width += 1
  return width
}

function splitWhole(unsigned: Float64Array, width: number): Uint8Array {
  const n = unsigned.length
  const planes = new Uint8Array(n * width)
  for (let i = 0; i < n; i++) {
    const value = unsigned[i]!
    let low = (value % 2 ** 32) | 0
    for (let k = 0; k < Math.min(4, width); k++, low >>>= 8) planes[k * n + i] = low
    if (width <= 4) continue
    let high = Math.floor(value / 2 ** 32)
    for (let k = 4; k < width; k++, high >>>= 8) planes[k * n + i] = high
  }
  return planes
}

function fromScaled(bytes: Uint8Array, view: DataView): Float64Array {
  const scale = UNITS[bytes[1]!]!
  const order = bytes[2]!
  const width = bytes[3]!
  const n = view.getUint32(4, true)
  const exceptionCount = view.getUint32(8, true)
  let previous = view.getFloat64(12, true)
  let step = view.getFloat64(20, true)
  const planes = inflated(bytes, view, scaledHeader + exceptionCount * 5, n, width)
  const values = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let low = 0
    for (let k = Math.min(4, width) - 1; k >= 0; k--) low = (low << 8) | planes[k * n + i]!
    let unsigned = low >>> 0
    if (width > 4) {
      let high = 0
      for (let k = width - 1; k >= 4; k--) high = high * 256 + planes[k * n + i]!
      unsigned += high * 2 ** 32
    }
    let value = unsigned % 2 === 0 ? unsigned / 2 : -(unsigned + 1) / 2
    if (order > 0) {
      if (order === 2) value = i === 0 ? 0 : (step += value)
      previous += value
      value = previous
    }
    values[i] = value / scale
  }
  for (let k = 0; k < exceptionCount; k++) {
    const at = scaledHeader + k * 5
    values[view.getUint32(at, true)] = EXCEPTIONS[view.getUint8(at + 4)]!
  }
  return values
}

function shuffled(values: Float64Array): Uint8Array {
  const n = values.length
  const own = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  const sample = own.subarray(0, SAMPLE * 8)
  const xor = bitsOfPlanes(planesOf(sample, true)) < bitsOfPlanes(planesOf(sample, false))
  const sections = deflated(planesOf(own, xor), n)
  const bytes = new Uint8Array(shuffledHeader + sections.length)
  bytes.set([SHUFFLED, xor ? 1 : 0])
  new DataView(bytes.buffer).setUint32(2, n, true)
  bytes.set(sections, shuffledHeader)
  return bytes
}

/** The first bytes of all doubles, then the second ones … @param xor each with the one of the double before */
function planesOf(doubles: Uint8Array, xor: boolean): Uint8Array {
  const n = doubles.length / 8
  const planes = new Uint8Array(doubles.length)
  for (let k = 0; k < 8; k++) {
    let before = 0
    for (let i = 0, at = k; i < n; i++, at += 8) {
      const byte = doubles[at]!
      planes[k * n + i] = byte ^ before
      if (xor) before = byte
    }
  }
  return planes
}

function bitsOfPlanes(planes: Uint8Array): number {
  const n = planes.length / 8
  let bits = 0
  for (let k = 0; k < 8; k++) bits += entropyOf(planes.subarray(k * n, (k + 1) * n))
  return bits
}

function fromShuffled(bytes: Uint8Array, view: DataView): Float64Array {
  const xor = bytes[1] === 1
  const n = view.getUint32(2, true)
  const planes = inflated(bytes, view, shuffledHeader, n, 8)
  const values = new Float64Array(n)
  const own = new Uint8Array(values.buffer)
  for (let k = 0; k < 8; k++) {
    let before = 0
    for (let i = 0, at = k; i < n; i++, at += 8) {
      const byte = planes[k * n + i]! ^ before
      own[at] = byte
      if (xor) before = byte
    }
  }
  return values
}

/** Sections of planes of `n` bytes each. */
function deflated(planes: Uint8Array, n: number): Uint8Array {
  const length = n >= OWN_SECTION ? n : planes.length
  const parts: Uint8Array[] = []
  for (let at = 0; at < planes.length; at += length) {
    const plane = planes.subarray(at, at + length)
    const entropy = entropyOf(plane)
    const short = entropy < RANDOM ? deflateRawSync(plane, entropy < NOISY ? DEFLATE : DEFLATE_NOISE) : plane
    const isShorter = short.length < plane.length
    const header = new Uint8Array(5)
    header[0] = isShorter ? 1 : 0
    new DataView(header.buffer).setUint32(1, isShorter ? short.length : plane.length, true)
    parts.push(header, isShorter ? short : plane)
  }
  return Buffer.concat(parts)
}

function inflated(bytes: Uint8Array, view: DataView, from: number, n: number, width: number): Uint8Array {
  const planes = new Uint8Array(n * width)
  const length = n >= OWN_SECTION ? n : planes.length
  let next = from
  for (let at = 0; at < planes.length; at += length) {
    const size = view.getUint32(next + 1, true)
    const part = bytes.subarray(next + 5, next + 5 + size)
    const plane = view.getUint8(next) === 1 ? inflateRawSync(part, { maxOutputLength: length }) : part
    if (plane.length !== length) throw new RangeError('a plane is too short')
    planes.set(plane, at)
    next += 5 + size
  }
  return planes
}

/** Bits per byte that the frequencies of its bytes need, estimated from some of them. */
function entropyOf(bytes: Uint8Array): number {
  const counts = new Uint32Array(256)
  const stride = Math.max(1, bytes.length >> 12)
  let n = 0
  for (let i = 0; i < bytes.length; i += stride, n++) counts[bytes[i]!]! += 1
  let sum = 0
  for (const count of counts) if (count > 0) sum += count * Math.log2(count)
  return Math.log2(n) - sum / n
}
