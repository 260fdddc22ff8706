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
const LEVEL = 4
const LINE_FEED = Buffer.from('\n')

export function packText(text: string): TextBlock {
  return packed(Buffer.from(escapeText(text)))
}

/** Throws StoreError where the data is not what was packed. */
export function unpackText(block: TextBlock): string {
  return unescapeText(textOf(block))
}

/** One text or more as the lines of one, for people to read: as they are, since more will come soon. */
export function plainLines(lines: readonly string[]): TextBlock {
  const data = Buffer.from(lines.map(escapeLine).join('\n'))
  return { size: data.length, data }
}

/** The lines of several blocks as one, compressed. */
export function joinBlocks(blocks: readonly TextBlock[]): TextBlock {
  return packed(
    Buffer.concat(blocks.flatMap((block, k) => (k === 0 ? [bytesOf(block)] : [LINE_FEED, bytesOf(block)]))),
  )
}

/** What one of the two made. Throws StoreError as `unpackText` does. */
export function unpackLines(block: TextBlock): string[] {
  return textOf(block).split('\n').map(unescapeText)
}

function packed(data: Uint8Array): TextBlock {
  const size = data.length
  if (size < LEAST) return { size, data }
  const short = deflateSync(data, { level: LEVEL })
  return { size, data: short.length < size ? short : data }
}

function textOf(block: TextBlock): string {
  const { buffer, byteOffset, length } = bytesOf(block)
  return Buffer.from(buffer, byteOffset, length).toString()
}

function bytesOf({ size, data }: TextBlock): Uint8Array {
  if (data.length === size) return data
  try {
    const bytes = inflateSync(data, { maxOutputLength: Math.max(1, size) })
    if (bytes.length === size) return bytes
  } catch {
    // Said below.
  }
  throw new StoreError(
    'damaged',
    `A block of the record is damaged: its ${data.length} bytes are not ${size}.`,
  )
}
