import type { SamplesAnswer } from '#protocols/weir/api.ts'
import { Track } from '#model/track.ts'
import { momentsOfPart, pointsOf, type Hole } from '#model/held-samples.ts'
import type { DeviceStore } from '../device/device-store.ts'
import type { TimeAxis } from './time-axis.ts'
import type { View } from './view.ts'

/** Reads kept samples of a range. */
export type ReadSamples = (
  range: { from: number; to: number; points: number },
  signal: AbortSignal,
) => Promise<SamplesAnswer>

export interface LoaderState {
  /** What is being read; null: nothing. */
  readonly loading: 'earlier' | 'detail' | null
  readonly error: string | null
  /** The view shows samples that the relay itself keeps thinned: it has all from here on, ms since epoch. */
  readonly exactFrom: number | null
}

/** A range read from the relay, finer than what the page holds of it. */
interface Detail extends View {
  /** ms that two points stand for; 0: there are no more to be had. */
  step: number
  /** It has every sample received, not only all that is kept. */
  exact: boolean
  /** As the relay answered. */
  exactFrom: number | null
  tracks: ReadonlyMap<string, Track>
}

/** What is to be read. */
interface Want extends View {
  points: number
  what: 'earlier' | 'detail'
  /** It is to fill this. */
  hole?: Hole
}

/** Samples before those that came live were read at this distance of points, ms. */
interface Coarse extends View {
  step: number
}

/** The view rests so long before anything is asked, ms. */
const REST_MS = 200
const EARLIER_POINTS = 4_000
const DETAIL_POINTS = 6_000
/** Columns that a plot has at most, for what is worth reading. */
const COLUMNS = 1_200
/** After a failure nothing is asked for so long, ms. */
const RETRY_MS = 5_000

/**
 * Reads what a view shows and the page does not hold: samples of before the page was opened are put in front of
 * its own; of a range so narrow that thinned points would show, all are read as a detail beside them.
 */
export class SampleLoader {
  readonly #store: DeviceStore
  readonly #axis: TimeAxis
  readonly #read: ReadSamples
  readonly #listeners = new Set<() => void>()
  #state: LoaderState = { loading: null, error: null, exactFrom: null }
  #detail: Detail | null = null
  #coarse: Coarse[] = []
  /** Samples from here on were asked for. */
  #askedFrom = Infinity
  /** The oldest track that `#askedFrom` speaks of. */
  #firstAt: number | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #abort: AbortController | null = null
  #notBefore = 0

  constructor(store: DeviceStore, axis: TimeAxis, read: ReadSamples) {
    this.#store = store
    this.#axis = axis
    this.#read = read
  }

  /** Watches the view and reads what it lacks. @returns how to stop */
  start(): () => void {
    const undo = [
      this.#axis.subscribe(() => this.#later(true)),
      this.#store.subscribe(() => this.#later(false)),
    ]
    this.#later(false)
    return () => {
      for (const each of undo) each()
      clearTimeout(this.#timer)
      this.#timer = undefined
      this.#abort?.abort()
    }
  }

  readonly state = (): LoaderState => this.#state

  /** Calls back when the state changed, or samples were put in. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The samples of a channel to draw for a view. */
  track(channel: string, view: View): Track | undefined {
    return this.#detailFor(view)?.tracks.get(channel) ?? this.#store.bulk.tracks.get(channel)
  }

  /** The samples of a channel to count in a view: the page's own know how many were received, thinned or not. */
  counted(channel: string, view: View): Track | undefined {
    const detail = this.#detailFor(view)
    return (detail?.exact ? detail.tracks.get(channel) : undefined) ?? this.#store.bulk.tracks.get(channel)
  }

  #detailFor(view: View): Detail | null {
    const detail = this.#detail
    return detail && view.from >= detail.from && view.to <= detail.to ? detail : null
  }

  /** @param anew the view moved: what is under way is for another one */
  #later(anew: boolean): void {
    if (anew) {
      const exactFrom = this.#thinnedBy()
      if (exactFrom !== this.#state.exactFrom) this.#set({ ...this.#state, exactFrom })
      clearTimeout(this.#timer)
      this.#timer = undefined
      if (this.#abort && !this.#axis.state().live) this.#abort.abort()
    }
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined
        void this.#check()
      },
      Math.max(REST_MS, this.#notBefore - performance.now()),
    )
  }

  async #check(): Promise<void> {
    if (this.#abort || performance.now() < this.#notBefore) return
    const want = this.#hole() ?? this.#earlier() ?? this.#finer()
    if (!want) return
    const abort = new AbortController()
    this.#abort = abort
    this.#set({ ...this.#state, loading: want.what, error: null })
    try {
      const answer = await this.#read(want, abort.signal)
      if (!abort.signal.aborted) this.#take(want, answer)
      this.#set({ loading: null, error: null, exactFrom: this.#thinnedBy() })
    } catch (error) {
      if (!abort.signal.aborted) this.#notBefore = performance.now() + RETRY_MS
      const text = error instanceof Error ? error.message : String(error)
      this.#set({ ...this.#state, loading: null, error: abort.signal.aborted ? null : text })
    } finally {
      this.#abort = null
    }
    this.#later(false)
  }

  /** Samples that the page missed, say because Weir did not answer for a while. */
  #hole(): Want | null {
    const { from, to } = this.#axis.view()
    const hole = this.#store.bulk.holes.findLast((each) => each.from < to && each.to > from)
    return hole ? { from: hole.from, to: hole.to, points: EARLIER_POINTS, what: 'earlier', hole } : null
  }

  /** Samples of before the oldest that the page holds. */
  #earlier(): Want | null {
    const { firstAt, eventAt } = this.#store.store.getState().record
    if (firstAt === null || eventAt === null) return null
    if (firstAt !== this.#firstAt) {
      // The record began anew.
      this.#firstAt = firstAt
      this.#askedFrom = Infinity
      this.#coarse = []
      this.#detail = null
    }
    const { from, to } = this.#axis.view()
    const oldest = this.#oldest() ?? eventAt
    if (from >= oldest || oldest <= firstAt + 1 || this.#askedFrom <= Math.max(from, firstAt)) return null
    const start = Math.max(firstAt, from - (to - from) / 2)
    return { from: start, to: Math.min(oldest, this.#askedFrom), points: EARLIER_POINTS, what: 'earlier' }
  }

  /** All samples of a view that stands still and shows that its points are thinned. */
  #finer(): Want | null {
    if (this.#axis.state().live) return null
    const view = this.#axis.view()
    const span = view.to - view.from
    const column = span / COLUMNS
    const detail = this.#detailFor(view)
    if (detail && detail.step <= column) return null
    const coarse = this.#coarse.some(
      ({ from, to, step }) => from < view.to && to > view.from && step > column * 1.5,
    )
    if (!coarse && !this.#thinned(view)) return null
    const newest = Math.max(view.to, Math.min(view.to + span / 4, this.#newest()))
    return { from: view.from - span / 4, to: newest, points: DETAIL_POINTS, what: 'detail' }
  }

  #thinned({ from, to }: View): boolean {
    for (const track of this.#store.bulk.tracks.values()) {
      const count = track.countWithin(from, to, COLUMNS * 2)
      if (count < COLUMNS * 2 && track.stats(from, to).n > count * 1.2 + 2) return true
    }
    return false
  }

  #oldest(): number | null {
    let oldest = Infinity
    for (const { first } of this.#store.bulk.tracks.values()) oldest = Math.min(oldest, first ?? Infinity)
    return oldest === Infinity ? null : oldest
  }

  #newest(): number {
    let newest = -Infinity
    for (const { last } of this.#store.bulk.tracks.values()) newest = Math.max(newest, last ?? -Infinity)
    return newest
  }

  #take({ from, to, points, what, hole }: Want, answer: SamplesAnswer): void {
    // Fewer than were asked for are all there are.
    const counts = new Map<string, number>()
    for (const { c, v } of answer.series) counts.set(c, (counts.get(c) ?? 0) + (v.length * 3) / 4 / 8)
    const most = Math.max(0, ...counts.values())
    const step = answer.exact || most < points / 2 ? 0 : ((to - from) / points) * 2
    if (what === 'earlier') {
      if (step > 0) this.#coarse.push({ from, to, step })
      if (hole) this.#store.bulk.fill(hole, answer.series)
      else {
        this.#askedFrom = from
        this.#store.bulk.prepend(answer.series)
      }
      this.#store.changed()
      return
    }
    const tracks = new Map<string, Track>()
    for (const part of answer.series) {
      const track = tracks.get(part.c) ?? new Track()
      tracks.set(part.c, track)
      const { times, values } = pointsOf(part)
      const moments = momentsOfPart(part)
      track.append(times, values, moments, moments !== undefined)
      if (part.b !== undefined) track.breakAt(part.b)
    }
    this.#detail = { from, to, step, exact: answer.exact, exactFrom: answer.exactFrom, tracks }
  }

  /** From when on the relay has all samples, where what is shown is from before. */
  #thinnedBy(): number | null {
    const detail = this.#axis.state().live ? null : this.#detailFor(this.#axis.view())
    return detail && !detail.exact && detail.step === 0 ? detail.exactFrom : null
  }

  #set(state: LoaderState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}
