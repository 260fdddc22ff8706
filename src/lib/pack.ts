/*
 * Numbers in JSON text: 64-bit floats, little-endian, as base64. A third of the length of their digits, ten
 * times as fast to read, and NaN and the infinities are numbers like all others.
 */

type Native = { toBase64?: () => string }
type NodeBuffer = {
  Buffer?: { from(buffer: ArrayBufferLike, at: number, length: number): { toString(as: 'base64'): string } }
}
type NativeFrom = { fromBase64?: (text: string) => Uint8Array }

/** Characters made at once; longer argument lists overflow the stack. */
const STRETCH = 0x2000

/** Packs numbers. All machines that run JavaScript today are little-endian. */
export function packNumbers(values: ArrayLike<number>): string {
  const floats = values instanceof Float64Array ? values : Float64Array.from(values)
  const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength)
  const native = (bytes as Native).toBase64
  if (native) return native.call(bytes)
  // Node before 25 has its own way, a hundred times as fast as the one by text.
  const { Buffer } = globalThis as NodeBuffer
  if (Buffer) return Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength).toString('base64')
  let text = ''
  for (let at = 0; at < bytes.length; at += STRETCH)
    text += String.fromCharCode(...bytes.subarray(at, at + STRETCH))
  return btoa(text)
}

/** Unpacks numbers. Throws for what is no base64; bytes beyond the last whole number are left out. */
export function unpackNumbers(text: string): Float64Array {
  const { fromBase64 } = Uint8Array as unknown as NativeFrom
  const bytes = fromBase64 ? fromBase64.call(Uint8Array, text) : fromBinary(atob(text))
  const whole = bytes.length - (bytes.length % 8)
  return bytes.byteOffset % 8 === 0
    ? new Float64Array(bytes.buffer, bytes.byteOffset, whole / 8)
    : new Float64Array(bytes.slice(0, whole).buffer)
}

function fromBinary(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}
