import { formatDuration } from '#lib/format.ts'
import type { Gap } from '#model/gap.ts'
import type { StateTrack } from '#model/state-track.ts'
import type { Track } from '#model/track.ts'
import type { View } from './view.ts'

/** A hole in the lines: from the newest sample before it to the oldest after it. */
export interface GapSpan {
  from: number
  /** Null while nothing came since. */
  to: number | null
  gap: Gap
}

/** So many points without a value are looked at for the next one. */
const FAR = 10_000

/** All that a device sent: a gap is no one channel's, and a channel that is gone has none. */
export interface Sent {
  tracks: Iterable<Track>
  states: Iterable<StateTrack>
}

/** Where a gap shows in lines; null where nothing is around it. */
export function gapSpan({ tracks, states }: Sent, gap: Gap): GapSpan | null {
  let from = -Infinity
  let to = Infinity
  for (const track of tracks) {
    const before = newestFinite(track, gap.at)
    const after = oldestFinite(track, gap.at)
    if (before !== null) from = Math.max(from, before)
    if (after !== null) to = Math.min(to, after)
  }
  // A state ends at a gap, so that the first one after it is a change.
  for (const { times, values } of states)
    for (const [i, t] of times.entries()) {
      if (values[i] === null) continue
      if (t < gap.at) from = Math.max(from, t)
      else {
        to = Math.min(to, t)
        break
      }
    }
  if (from === -Infinity && to === Infinity) return null
  return { from: from === -Infinity ? gap.at : from, to: to === Infinity ? null : Math.max(to, from), gap }
}

function newestFinite(track: Track, at: number): number | null {
  let time: number | null = at
  // One step back over the break itself.
  for (let tries = 0; tries < 3 && time !== null; tries++) {
    const { before }: ReturnType<Track['around']> = track.around(time)
    if (!before) return null
    if (Number.isFinite(before.value)) return before.t
    time = before.t
  }
  return time
}

function oldestFinite(track: Track, at: number): number | null {
  let found: number | null = null
  let seen = 0
  track.forEach(at, Number.POSITIVE_INFINITY, (t, value) => {
    if (!Number.isFinite(value)) return ++seen < FAR
    found = t
    return false
  })
  return found
}

/** Remembers spans that are closed: they do not change any more. */
export class GapSpans {
  readonly #closed = new Map<string, GapSpan>()

  /**
   * The holes that show in a view.
   * @param sent by the device, asked only where a span is not known yet
   */
  of(gaps: readonly Gap[], sent: () => Sent, view: View): GapSpan[] {
    const spans: GapSpan[] = []
    for (const [i, gap] of gaps.entries()) {
      // Gaps stand in order: of those beyond the view only the next on each side can reach into it.
      if ((gaps[i + 1]?.at ?? Infinity) < view.from || (gaps[i - 1]?.at ?? -Infinity) > view.to) continue
      const key = `${gap.at} ${gap.cause}`
      const known = this.#closed.get(key) ?? gapSpan(sent(), gap)
      // Several in one hole are one.
      if (!known || (known.from === spans.at(-1)?.from && known.to === spans.at(-1)?.to)) continue
      if (known.to !== null && known.from !== gap.at) this.#closed.set(key, known)
      if (known.from < view.to && (known.to ?? Infinity) > view.from) spans.push(known)
    }
    return spans
  }
}

/** "gap of 4.2s: about 60 messages not received"; the relay's own words for its cause. */
export function gapWords({ from, to, gap }: GapSpan): string {
  return `${to === null ? 'gap' : `gap of ${formatDuration(to - from)}`}: ${gap.text}`
}
