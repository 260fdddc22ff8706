import type { ProgressChange } from './changes.ts'
import { detached, finiteOf, isRecord, own } from './values.ts'

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

/** How much of a log's end is looked at: a progress bar is as wide as a terminal. */
const TAIL_CHARS = 1_024
/** `paint:  25%|███       | 7/28 [00:01<00:03, 7it/s]`, with counts like 1.2k or 3.40M, or none. */
const BAR = /(\d{1,3})%\|[^|]*\|(?:\s*([\d.]+)([kMGT]?)i?B?\/([\d.]+)([kMGT]?)i?B?(?=[\s[,]|$))?/g
// eslint-disable-next-line no-control-regex -- colours are what it takes out
const COLOURS = /\u001b\[[0-9;]*m/g
const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 }

/** Reads the progress bar that a log ends with, as it grows (inference.sh wire contract §9). */
export class LogProgress {
  #tail = ''

  /** Takes what was added; what the last line states, if it is a bar. */
  append(text: string): Reported | null {
    this.#tail = detached((this.#tail + text.slice(-TAIL_CHARS)).slice(-TAIL_CHARS))
    const last = this.#tail
      .split(/[\r\n]/)
      .findLast((line) => line.trim() !== '')
      ?.replace(COLOURS, '')
    return last === undefined ? null : barOf(last)
  }

  replace(text: string): Reported | null {
    this.#tail = ''
    return this.append(text)
  }
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
