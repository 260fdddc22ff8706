/** Before and after these no time is meant: zero times (`0001-01-01`, 1970) and far ends stand for "none". */
const FIRST = Date.UTC(2000, 0, 1)
const LAST = Date.UTC(2200, 0, 1)

/** A time that a server told, ms since epoch; null for what cannot be one. */
export function momentOf(ms: number): number | null {
  return ms >= FIRST && ms < LAST ? ms : null
}
