import { exportedLine, gapText, LOG_LINE_KINDS, type LogBuffer } from '#model/log-buffer.ts'
import { stripAnsi } from './ansi.ts'
import type { ClockText } from './clock-text.ts'
import { breathe, SLICE_MS } from './pause.ts'

const PART_LINES = 4_096

/** The text of a range as one copies it: without escape sequences, a line each. */
export async function copyText(buffer: LogBuffer, from: number, to: number): Promise<string> {
  const parts = await inParts(from, to, (start, end) => copied(buffer, start, end))
  return parts.join('\n')
}

/**
 * The same at once, for paper.
 * @param clock writes the time before each line; null: without
 */
export function printedText(buffer: LogBuffer, from: number, to: number, clock: ClockText | null): string {
  if (!clock || buffer.missing(from, to).length > 0) return copied(buffer, from, to)
  const { at, kinds, texts } = buffer.range(from, to)
  const line = (text: string, k: number) => `${clock.time(at[k] ?? 0)}  ${exportedLine(kinds[k], text)}`
  return stripAnsi(texts.map(line).join('\n'))
}

function copied(buffer: LogBuffer, from: number, to: number): string {
  if (buffer.missing(from, to).length > 0) return stripAnsi(buffer.text(from, to))
  const { kinds, texts } = buffer.range(from, to)
  return stripAnsi(texts.map((text, k) => exportedLine(kinds[k], text)).join('\n'))
}

/** The text of single lines. */
export function copyLines(buffer: LogBuffer, numbers: Iterable<number>): string {
  const texts: string[] = []
  for (const number of numbers) {
    const line = buffer.line(number)
    texts.push(line?.kind === 'gap' ? gapText(line.text) : stripAnsi(line?.text ?? ''))
  }
  return texts.join('\n')
}

/** A file of a range: time in UTC, then the line as it came; what Weir says is marked as such. */
export async function logFile(buffer: LogBuffer, from: number, to: number): Promise<Blob> {
  const parts = await inParts(Math.max(from, buffer.first), to, (start, end) => {
    const { at, kinds, texts } = buffer.range(start, end)
    let text = ''
    for (let k = 0; k < texts.length; k++) {
      const kind = LOG_LINE_KINDS[kinds[k] ?? 0] ?? 'out'
      const tag = kind === 'out' || kind === 'gap' ? '' : `[${kind}] `
      text += `${isoTime(at[k] ?? 0)} ${tag}${exportedLine(kinds[k], texts[k] ?? '')}\n`
    }
    return text
  })
  return new Blob(parts, { type: 'text/plain;charset=utf-8' })
}

/** Runs work over a range in slices short enough not to hold up a frame. */
async function inParts(
  from: number,
  to: number,
  work: (start: number, end: number) => string,
): Promise<string[]> {
  const parts: string[] = []
  let began = performance.now()
  for (let start = from; start < to; start += PART_LINES) {
    parts.push(work(start, Math.min(to, start + PART_LINES)))
    if (performance.now() - began < SLICE_MS) continue
    await breathe()
    began = performance.now()
  }
  return parts
}

function isoTime(at: number): string {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? '-' : date.toISOString()
}
