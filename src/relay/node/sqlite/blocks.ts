/*
 * What is new of a topic is written at once as a small row. When there is enough of it, or the topic has ended, it is
 * put together with what was new before into a sealed, compressed block, and with the last block where that is small.
 */

/** New rows of one topic are sealed when there are so many, or so many bytes. */
const NEW_ROWS = 64
const NEW_BYTES = 32_768
/** About how many bytes a block has uncompressed, and below how many it is put together with the next. */
const BLOCK_BYTES = 65_536
export const SMALL_BYTES = 32_768

/** How much of one sort is not sealed yet. */
export interface Unsealed {
  rows: number
  bytes: number
}

export const NOTHING: Unsealed = { rows: 0, bytes: 0 }

export function plusRow({ rows, bytes }: Unsealed, more: number): Unsealed {
  return { rows: rows + 1, bytes: bytes + more }
}

export function isEnough({ rows, bytes }: Unsealed): boolean {
  return rows >= NEW_ROWS || bytes >= NEW_BYTES
}

/** Puts rows together, in order, to about BLOCK_BYTES each. */
export function inBlocks<Row extends { size: number }>(rows: readonly Row[]): Row[][] {
  const blocks: Row[][] = []
  let bytes = Infinity
  for (const row of rows) {
    if (bytes >= BLOCK_BYTES) {
      blocks.push([])
      bytes = 0
    }
    blocks.at(-1)!.push(row)
    bytes += row.size
  }
  return blocks
}
