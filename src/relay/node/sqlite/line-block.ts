import { LOG_LINE_KINDS, type LogColumns } from '#model/log-buffer.ts'
import { packDoubles, unpackDoubles } from './doubles.ts'
import { joinBlocks, plainLines, unpackLines, type TextBlock } from './text-block.ts'

/** Consecutive log lines as they stand in the table `line_block`. */
export interface LineBlock extends TextBlock {
  first: number
  count: number
  at: number
  kinds: string | null
  times: Uint8Array
}

const KIND_CODES = new Map<string, number>(LOG_LINE_KINDS.map((kind, code) => [kind, code]))
const OUT = LOG_LINE_KINDS.indexOf('out')

/** Lines as they are, since more will come soon. */
export function plainLogLines({ first, at, kinds, texts }: LogColumns): LineBlock {
  return {
    first,
    count: texts.length,
    at: at[0] ?? 0,
    kinds: kindsText(kinds),
    times: packDoubles(Float64Array.from(at)),
    ...plainLines(texts),
  }
}

/** The lines of blocks that go on from each other as one block, compressed. */
export function joinLineBlocks(blocks: readonly LineBlock[]): LineBlock {
  const { first, at } = blocks[0]!
  return {
    first,
    count: blocks.reduce((sum, { count }) => sum + count, 0),
    at,
    kinds: blocks.every(({ kinds }) => kinds === null)
      ? null
      : kindsText(blocks.flatMap(({ kinds, count }) => kindCodes(kinds, count))),
    times: packDoubles(Float64Array.from(blocks.flatMap(({ times }) => [...unpackDoubles(times)]))),
    ...joinBlocks(blocks),
  }
}

export function unpackLogLines(block: LineBlock): LogColumns {
  return {
    first: block.first,
    at: Array.from(unpackDoubles(block.times)),
    kinds: kindCodes(block.kinds, block.count),
    texts: unpackLines(block),
  }
}

/** Lines `from` to `to` (not included) of columns, as far as these have them. */
export function cutLines(lines: LogColumns, from: number, to: number): LogColumns {
  const start = Math.max(0, from - lines.first)
  const end = Math.max(start, to - lines.first)
  return {
    first: lines.first + start,
    at: lines.at.slice(start, end),
    kinds: lines.kinds.slice(start, end),
    texts: lines.texts.slice(start, end),
  }
}

/** "20 out, 1 gap": how many of which kind follow each other; null where all are `out`. */
function kindsText(kinds: readonly number[]): string | null {
  if (kinds.every((code) => code === OUT)) return null
  const parts: string[] = []
  for (let start = 0; start < kinds.length;) {
    let end = start
    while (end < kinds.length && kinds[end] === kinds[start]) end += 1
    parts.push(`${end - start} ${LOG_LINE_KINDS[kinds[start]!] ?? 'out'}`)
    start = end
  }
  return parts.join(', ')
}

function kindCodes(text: string | null, count: number): number[] {
  if (text === null) return Array.from({ length: count }, () => OUT)
  return text.split(', ').flatMap((part) => {
    const [times, kind = ''] = part.split(' ')
    return Array.from({ length: Number(times) }, () => KIND_CODES.get(kind) ?? OUT)
  })
}
