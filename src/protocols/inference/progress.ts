import { detached } from '#lib/detached.ts'
import { Terminal, type ReadRow } from '#model/terminal.ts'
import type { ProgressChange } from './changes.ts'
import { finiteOf, isRecord, own } from './values.ts'

export type Reported = Omit<ProgressChange, 'k' | 'origin'>

/**
 * Progress as a field states it: `{current, total}`, `{percent}` or a number from 0 to 1 (inference.sh wire
 * contract §9). Clamped, never NaN; null when it states none.
 */
export function reportedProgress(value: unknown): Reported | null {
  const share = finiteOf(value)
  if (share !== null)
    return share >= 0 && share <= 1 ? { percent: share * 100, step: null, total: null } : null
  if (!isRecord(value)) return null
  const current = finiteOf(own(value, 'current'))
  const total = finiteOf(own(value, 'total'))
  if (current !== null && total !== null && total > 0) {
    const step = clamp(current, total)
    return { percent: clamp((step / total) * 100, 100), step, total }
  }
  const percent = finiteOf(own(value, 'percent'))
  return percent === null ? null : { percent: clamp(percent, 100), step: null, total: null }
}

/** `paint:  25%|███       | 7/28 [00:01<00:03, 7it/s]`, with counts like 1.2k or 3.40M, or none. */
const BAR = /(\d{1,3})%\|[^|]*\|(?:\s*([\d.]+)([kMGT]?)i?B?\/([\d.]+)([kMGT]?)i?B?(?=[\s[,]|$))?/g
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/**
 * Reads the progress bar that a log ends with, as it grows (inference.sh wire contract §9). Of bars within each
 * other it is the outer one.
 */
export class LogProgress {
  #terminal = new Terminal()
  #last: { row: number; total: number | null } | null = null

  /** Takes what was added; what the bar states, if the log ends with one. */
  append(text: string): Reported | null {
    this.#terminal.write(detached(text))
    const rows = this.#terminal.read()
    const outer = outerBar(rows)
    const bar = outer && barOf(outer.text)
    if (!bar || (this.#last && !this.#follows(bar, outer.row, rows))) return null
    this.#last = { row: outer.row, total: bar.total }
    return bar
  }

  replace(text: string): Reported | null {
    this.#terminal = new Terminal()
    this.#last = null
    return this.append(text)
  }

  /** Whether a bar is the news after the last one, and not what is seen while they are drawn anew. */
  #follows(bar: Reported, row: number, rows: readonly ReadRow[]): boolean {
    const { row: before, total } = this.#last!
    // It is cut off before its counts.
    if (bar.total === null && total !== null) return false
    // An inner one has ended, in the place of the outer one, which is drawn again below it.
    if (bar.percent === 100 && bar.total !== total) return false
    // The last one was wiped out; it is drawn again.
    return row <= before || rows.find((each) => each.row === before)?.text.trim() !== ''
  }
}

/**
 * The bars that a log ends with stand in rows below each other. Those within another are drawn by going to their row
 * and back; one that is drawn over in place is not within what stands above it, which was left unfinished.
 */
function outerBar(rows: readonly ReadRow[]): ReadRow | null {
  const last = rows.findLastIndex(({ text }) => text.trim() !== '' && barOf(text) === null)
  const bars = rows.slice(last + 1)
  const base = bars.findLastIndex(({ inPlace, text }) => inPlace && text.trim() !== '')
  const outer = bars.slice(Math.max(0, base)).filter(({ text }) => text.trim() !== '')
  const row = outer.find(({ text }) => (barOf(text)?.percent ?? 0) < 100) ?? outer[0]
  // One that is being drawn is a mixture of what it was and what it will be.
  return row === undefined || row.fresh < Infinity ? null : row
}

function barOf(line: string): Reported | null {
  const bar = [...line.matchAll(BAR)].at(-1)
  if (!bar) return null
  const percent = clamp(Number(bar[1]), 100)
  const step = countOf(bar[2], bar[3])
  const total = countOf(bar[4], bar[5])
  if (step === null || total === null || total <= 0) return { percent, step: null, total: null }
  return { percent, step: clamp(step, total), total }
}

function countOf(digits: string | undefined, unit: string | undefined): number | null {
  const count = digits === undefined ? Number.NaN : Number(digits) * (FACTORS[unit ?? ''] ?? 1)
  return Number.isFinite(count) ? count : null
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value))
}
