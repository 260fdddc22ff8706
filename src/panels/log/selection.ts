import type { LineRange } from '#model/log-buffer.ts'

/** Lines chosen by number, so that they stay chosen when their rows are not in the document. */
export interface LineSelection {
  /** Where it began; stays put while it is extended. */
  anchor: number
  head: number
}

export function rangeOf({ anchor, head }: LineSelection): LineRange {
  return { from: Math.min(anchor, head), to: Math.max(anchor, head) + 1 }
}

export function isSelected(selection: LineSelection | null, line: number): boolean {
  if (!selection) return false
  const { from, to } = rangeOf(selection)
  return line >= from && line < to
}

/** A press on a line begins a selection; with Shift it extends the one there is. */
export function pressed(selection: LineSelection | null, line: number, extend: boolean): LineSelection {
  return extend && selection ? { anchor: selection.anchor, head: line } : { anchor: line, head: line }
}

/** Shift with an arrow key. Without a selection it begins at `start`, the line in sight. */
export function extended(
  selection: LineSelection | null,
  start: number,
  move: (line: number) => number,
): LineSelection {
  if (!selection) return { anchor: start, head: start }
  return { anchor: selection.anchor, head: move(selection.head) }
}

export function everyLine(first: number, total: number): LineSelection | null {
  return total > first ? { anchor: first, head: total - 1 } : null
}

/** What is left of a selection after the oldest lines went. */
export function kept(selection: LineSelection | null, first: number): LineSelection | null {
  if (!selection || rangeOf(selection).from >= first) return selection
  if (rangeOf(selection).to <= first) return null
  return { anchor: Math.max(first, selection.anchor), head: Math.max(first, selection.head) }
}
