/*
 * Base64 as the service writes it: the standard alphabet, padded, no line breaks (inference.sh wire contract
 * §8). Strict on purpose: many words and log lines consist of its characters.
 */

const NOT_ONE = 255
const VALUES = new Uint8Array(128).fill(NOT_ONE)
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  VALUES[char.charCodeAt(0)] = value

const PAD = 61

function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? VALUES[code]! : NOT_ONE
}

/** Decodes `text` from a group's beginning on; null when it is not base64 as an encoder writes it. */
export function decodeBase64(text: string, from = 0): Uint8Array | null {
  const length = text.length - from
  if (length % 4 !== 0) return null
  if (length === 0) return new Uint8Array(0)
  const end = text.length
  const padding = text.charCodeAt(end - 1) !== PAD ? 0 : text.charCodeAt(end - 2) === PAD ? 2 : 1
  const bytes = new Uint8Array((length / 4) * 3 - padding)
  const whole = padding > 0 ? end - 4 : end
  let to = 0
  for (let at = from; at < whole; at += 4) {
    const a = valueAt(text, at)
    const b = valueAt(text, at + 1)
    const c = valueAt(text, at + 2)
    const d = valueAt(text, at + 3)
    if ((a | b | c | d) > 63) return null
    bytes[to] = (a << 2) | (b >> 4)
    bytes[to + 1] = ((b << 4) | (c >> 2)) & 255
    bytes[to + 2] = ((c << 6) | d) & 255
    to += 3
  }
  if (padding === 0) return bytes
  const a = valueAt(text, whole)
  const b = valueAt(text, whole + 1)
  const c = padding === 1 ? valueAt(text, whole + 2) : 0
  if ((a | b | c) > 63) return null
  // The bits beyond the last byte are zero in what an encoder wrote.
  if ((padding === 2 ? b & 15 : c & 3) !== 0) return null
  bytes[to] = (a << 2) | (b >> 4)
  if (padding === 1) bytes[to + 1] = ((b << 4) | (c >> 2)) & 255
  return bytes
}

const FOREIGN = /[^A-Za-z0-9+/]/

/** False when no text that is longer and begins with this one can be base64. */
export function mayBecomeBase64(text: string): boolean {
  return !FOREIGN.test(text)
}
