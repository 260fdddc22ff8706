import { bounded } from '#lib/detached.ts'

export type GapCause =
  /** The relay began to listen after the task had begun. */
  | 'late'
  /** The source dropped events: its counter jumped. */
  | 'dropped'
  /** The stream was cut or had to be reopened. */
  | 'disconnected'
  /** The source restarted. */
  | 'restarted'
  /** Weir's own bounds (journal, log) let go of the oldest part. */
  | 'evicted'
  /** A message could not be read. */
  | 'malformed'
  /** Weir itself was not running. */
  | 'weir-away'

/** A range known or suspected to be missing, with its cause. */
export interface Gap {
  /** When it was noticed, ms since epoch. */
  at: number
  /** What it spans, ms since epoch, where that is known. */
  from?: number
  to?: number
  cause: GapCause
  /** The same in words: "steps 10 to 24 not received". */
  text: string
  /** Number of missing steps, where the source counts; null when unknown. */
  missed: number | null
}

/** Characters of a gap's words where several became one. */
const LONGEST = 1_000

/**
 * Adds a gap. That Weir was away and that its streams were cut by that is one gap, which spans both.
 * @param heardAt when something came last before it, ms since epoch; null where that is not known
 * @returns `absorbed`: how many of those before went into the new one
 */
export function addGap(
  gaps: readonly Gap[],
  gap: Gap,
  heardAt: number | null,
): { gaps: Gap[]; absorbed: number } {
  const whole = gap.cause === 'disconnected' ? { from: heardAt ?? gap.at, ...gap } : gap
  const same = gaps.filter((each) => areOne(each, whole))
  if (same.length === 0) return { gaps: [...gaps, gap], absorbed: 0 }
  const merged = [...same, whole].reduce(merge)
  return { gaps: [...gaps.filter((each) => !same.includes(each)), merged], absorbed: same.length }
}

/** What a gap spans, ms since epoch: the moment when it was noticed where no more is known. */
export function spanOf({ at, from = at, to = at }: Gap): { from: number; to: number } {
  return { from: Math.min(from, to), to: Math.max(from, to) }
}

function areOne(a: Gap, b: Gap): boolean {
  const causes = [a.cause, b.cause]
  if (!causes.includes('weir-away')) return false
  if (!causes.every((cause) => cause === 'weir-away' || cause === 'disconnected')) return false
  const [one, other] = [spanOf(a), spanOf(b)]
  return one.from <= other.to && other.from <= one.to
}

function merge(a: Gap, b: Gap): Gap {
  const [one, other] = [spanOf(a), spanOf(b)]
  return {
    at: Math.max(a.at, b.at),
    from: Math.min(one.from, other.from),
    to: Math.max(one.to, other.to),
    cause: 'weir-away',
    text: bounded(`${a.text}; ${b.text}`, LONGEST),
    missed: a.missed === null && b.missed === null ? null : (a.missed ?? 0) + (b.missed ?? 0),
  }
}
