import { deflateSync, inflateSync } from 'node:zlib'
import { StoreError } from '../../record/store.ts'
import { escapeLine, escapeText, unescapeText } from './escape.ts'

/**
 * A text on disk: UTF-8, compressed by zlib where that is shorter. `size` is its length in bytes uncompressed, so
 * that `sqlar_uncompress(data, size)` of the `sqlite3` command reads it: equal lengths mean that it is not compressed.
 */
export interface TextBlock {
  size: number
  data: Uint8Array
}

/** Shorter texts are not worth it. */
const LEAST = 128
const LEVEL = 6

export function packText(text: string): TextBlock {
  return packed(escapeText(text))
}

/** Throws StoreError where the data is not what was packed. */
export function unpackText(block: TextBlock): string {
  return unescapeText(unpacked(block))
}

/** One text or more as the lines of one, for people to read: as they are, since more will come soon. */
export function plainLines(lines: readonly string[]): TextBlock {
  return plain(lines.map(escapeLine).join('\n'))
}

/** The same, compressed. */
export function packLines(lines: readonly string[]): TextBlock {
  return packed(lines.map(escapeLine).join('\n'))
}

/** What one of the two made. Throws StoreError as `unpackText` does. */
export function unpackLines(block: TextBlock): string[] {
  return unpacked(block).split('\n').map(unescapeText)
}

function plain(text: string): TextBlock {
  const data = Buffer.from(text)
  return { size: data.length, data }
}

function packed(text: string): TextBlock {
  const block = plain(text)
  if (block.size < LEAST) return block
  const data = deflateSync(block.data, { level: LEVEL })
  return data.length < block.size ? { size: block.size, data } : block
}

function unpacked({ size, data }: TextBlock): string {
  if (data.length === size) return Buffer.from(data.buffer, data.byteOffset, size).toString()
  try {
    const bytes = inflateSync(data, { maxOutputLength: Math.max(1, size) })
    if (bytes.length === size) return bytes.toString()
  } catch {
    // Said below.
  }
  throw new StoreError(
    'damaged',
    `A block of the record is damaged: its ${data.length} bytes are not ${size}.`,
  )
}
