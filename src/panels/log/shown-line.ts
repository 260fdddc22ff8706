import { hasAnsi, parseAnsi, type AnsiStyle } from './ansi.ts'
import { isPlain, measure } from '#lib/char-columns.ts'
import { breaks, shown } from './columns.ts'

/** A stretch of a line that looks the same. */
export interface Piece {
  text: string
  style: AnsiStyle | null
  /** Part of a search hit. */
  mark: boolean
}

interface Span {
  start: number
  end: number
  style: AnsiStyle | null
}

/** A line ready to be drawn: its text as shown, with the stretches that have a style. */
export interface ShownLine {
  text: string
  columns: number
  spans: readonly Span[]
}

export function showLine(raw: string): ShownLine {
  if (isPlain(raw)) return { text: raw, columns: raw.length, spans: [] }
  if (!hasAnsi(raw)) {
    const text = shown(raw, 0)
    return { text, columns: measure(text), spans: [] }
  }
  let text = ''
  let columns = 0
  const spans: Span[] = []
  for (const part of parseAnsi(raw)) {
    const piece = shown(part.text, columns)
    if (part.style) spans.push({ start: text.length, end: text.length + piece.length, style: part.style })
    text += piece
    columns += measure(piece)
  }
  return { text, columns, spans }
}

/** Offsets at which the rows of a line begin; one row when it is not wrapped. */
export function rowStarts(line: ShownLine, width: number | null): number[] {
  return width === null ? [0] : breaks(line.text, width)
}

/** Rows a raw line takes at `width` columns. */
export function rowCount(raw: string, width: number): number {
  if (isPlain(raw)) return Math.max(1, Math.ceil(raw.length / width))
  return breaks(showLine(raw).text, width).length
}

/** Characters `from` to `to` of a line, cut where the style or a mark changes. */
export function pieces(
  line: ShownLine,
  from: number,
  to: number,
  marks: readonly (readonly [number, number])[],
): Piece[] {
  if (line.spans.length === 0 && marks.length === 0)
    return [{ text: line.text.slice(from, to), style: null, mark: false }]
  const cuts = new Set([from, to])
  for (const { start, end } of line.spans) cuts.add(start).add(end)
  for (const [start, end] of marks) cuts.add(start).add(end)
  const edges = [...cuts].filter((edge) => edge >= from && edge <= to).sort((a, b) => a - b)
  const out: Piece[] = []
  let span = 0
  let mark = 0
  for (let k = 0; k + 1 < edges.length; k++) {
    const start = edges[k] ?? 0
    while ((line.spans[span]?.end ?? Infinity) <= start) span++
    while ((marks[mark]?.[1] ?? Infinity) <= start) mark++
    const style = (line.spans[span]?.start ?? Infinity) <= start ? (line.spans[span]?.style ?? null) : null
    out.push({
      text: line.text.slice(start, edges[k + 1]),
      style,
      mark: (marks[mark]?.[0] ?? Infinity) <= start,
    })
  }
  return out.length > 0 ? out : [{ text: '', style: null, mark: false }]
}
