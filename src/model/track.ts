import { mergeMoments, momentsOf, NO_MOMENTS, type Moments } from './moments.ts'
import { thin } from './thin.ts'

/** Points of a block that is filled one by one. */
const BLOCK = 1_024
/** Room that a new block has; it doubles up to BLOCK. */
const FIRST_ROOM = 64
/** Points whose smallest and largest are kept, so that a wide view need not look at each. */
const STEP = 32
/** Points that are thinned become so many times fewer (a smallest and a largest of each stretch stay). */
const COARSER = 16
/** How often thinned points are thinned again before they go. */
const LEVELS = 3

/** Consecutive points; `times` null: evenly spaced from `t0` by `dt`. */
interface Block {
  values: Float64Array
  times: Float64Array | null
  t0: number
  dt: number
  length: number
  moments: Moments
  /** The same while points are added one by one; null where they are somebody else's too. */
  growing: { -readonly [K in keyof Moments]: Moments[K] } | null
  /** Smallest and largest of each STEP points, made when the block is full. */
  lows: Float64Array | null
  highs: Float64Array | null
  /** How often its points were thinned. */
  level: number
}

/** Consecutive points; `times` null: evenly spaced from `t0` by `dt`. */
export interface NewPoints {
  values: Float64Array
  times: Float64Array | null
  t0: number
  dt: number
}

export interface TrackStats {
  /** Samples received in the window (finite ones). */
  n: number
  /** How much of the window the track covers, ms. */
  ms: number
  min: number
  max: number
  mean: number
  deviation: number
}

/**
 * The samples of one channel in order of time, for views of any width: appended in blocks, read per column.
 * A value of NaN breaks the line. Beyond `maxPoints` the oldest are thinned to smallest and largest, again
 * and again, and let go in the end, so that a track of days stays within twice `maxPoints` points.
 */
export class Track {
  #maxPoints: number
  #blocks: Block[] = []
  /** Points kept, by how often they were thinned. */
  readonly #kept: number[] = Array.from({ length: LEVELS }, () => 0)
  #version = 0
  #received = 0
  #dropped = false
  /** Points ever added at the end, and how many of them `takeNew` has given out. */
  #added = 0
  #taken = 0
  /** The newest sample, when a break comes after it. */
  #broken: { t: number; value: number } | null = null

  constructor(maxPoints = 1_000_000) {
    this.#maxPoints = maxPoints
  }

  /** Changes the bound. */
  limit(maxPoints: number): void {
    if (maxPoints === this.#maxPoints) return
    this.#maxPoints = maxPoints
    this.#keepWithin()
  }

  /** Gives back room that was ready for more points. */
  trim(): void {
    const newest = this.#blocks.at(-1)
    if (newest && !newest.lows) seal(newest)
  }

  /** Changes with every change. */
  get version(): number {
    return this.#version
  }

  /** Points kept. */
  get points(): number {
    return this.#kept.reduce((sum, n) => sum + n, 0)
  }

  /** Finite samples received in all. */
  get received(): number {
    return this.#received
  }

  /** Time of the oldest point, ms since epoch; null when there is none. */
  get first(): number | null {
    const block = this.#blocks[0]
    return block ? timeOf(block, 0) : null
  }

  /** Time of the newest point. */
  get last(): number | null {
    const block = this.#blocks[this.#blocks.length - 1]
    return block ? timeOf(block, block.length - 1) : null
  }

  /** Value of the newest sample; NaN when there is none. A break is no sample. */
  get newest(): number {
    if (this.#broken) return this.#broken.value
    const block = this.#blocks.at(-1)
    return block ? block.values[block.length - 1]! : Number.NaN
  }

  /** When the line broke after the newest sample; null while it goes on. */
  get brokenAt(): number | null {
    return this.#broken && this.last
  }

  /** Time of the newest sample; null when there is none. */
  get newestAt(): number | null {
    return this.#broken ? this.#broken.t : this.last
  }

  /** From when on every sample received is kept as it was; null when there is none. */
  get exactFrom(): number | null {
    const block = this.#blocks.find(({ level }) => level === 0)
    return block ? timeOf(block, 0) : null
  }

  /** True once points were let go. */
  get hasDropped(): boolean {
    return this.#dropped
  }

  /** True while every sample ever received is kept as it was. */
  get isWhole(): boolean {
    return !this.#dropped && this.#kept.every((points, level) => level === 0 || points === 0)
  }

  /**
   * Adds points one after another; a time before the last one counts as the last one's.
   * @param moments of all samples, where these are only some of them
   * @param apart the moments are these points' alone: statistics of a part of the track stay exact
   */
  append(times: ArrayLike<number>, values: ArrayLike<number>, moments?: Moments, apart = false): void {
    const n = Math.min(times.length, values.length)
    if (n === 0) return
    if (apart) this.trim()
    let previous = this.last ?? -Infinity
    let block = this.#open()
    let start = block.length
    for (let i = 0; i < n; i++) {
      if (block.length === BLOCK) {
        if (!moments) addMoments(block, start)
        seal(block)
        block = this.#open()
        start = 0
      }
      previous = Math.max(previous, times[i]!)
      if (block.length === block.values.length) enlarge(block)
      block.times![block.length] = previous
      block.values[block.length++] = values[i]!
    }
    if (!moments) addMoments(block, start)
    else setMoments(block, mergeMoments(block.moments, moments))
    if (apart) this.trim()
    this.#grew(n, moments?.n ?? n)
  }

  /** Adds one point. */
  add(t: number, value: number): void {
    const last = this.last
    const at = last === null || t > last ? t : last
    const block = this.#open()
    if (block.length === block.values.length) enlarge(block)
    block.times![block.length] = at
    block.values[block.length++] = value
    if (Number.isFinite(value)) {
      // The block's own: a point costs no object.
      if (!block.growing) block.moments = block.growing = { ...block.moments }
      const { growing } = block
      const delta = value - growing.mean
      if (Number.isFinite(delta)) {
        growing.n += 1
        growing.mean += delta / growing.n
        growing.m2 += delta * (value - growing.mean)
      } else {
        setMoments(block, mergeMoments(growing, { n: 1, mean: value, m2: 0 }))
      }
    }
    this.#grew(1, 1)
  }

  /** Adds evenly spaced points: the first at `t0`, `dt` ms apart. */
  appendEven(t0: number, dt: number, values: ArrayLike<number>, moments?: Moments): void {
    const n = values.length
    const last = this.last
    // Few points, or points that would overlap those before, are kept with a time each.
    if (n < BLOCK / 16 || (last !== null && t0 < last) || !(dt > 0)) {
      this.append(
        Float64Array.from({ length: n }, (_, i) => t0 + i * dt),
        values,
        moments,
      )
      return
    }
    const newest = this.#blocks.at(-1)
    if (newest && !newest.lows) seal(newest)
    const own = new Float64Array(values)
    const block: Block = {
      values: own,
      times: null,
      t0,
      dt,
      length: n,
      moments: moments ?? momentsOf(own),
      growing: null,
      lows: null,
      highs: null,
      level: 0,
    }
    seal(block)
    this.#blocks.push(block)
    this.#grew(n, moments?.n ?? n)
  }

  /**
   * The points added at the end since the last call, in order, oldest first: copies, each evenly spaced (`t0`,
   * `dt`) or with a time each. Of more than are kept exactly, the newest.
   */
  takeNew(): NewPoints[] {
    let left = this.#added - this.#taken
    this.#taken = this.#added
    const parts: NewPoints[] = []
    for (let b = this.#blocks.length - 1; b >= 0 && left > 0; b--) {
      const block = this.#blocks[b]!
      // Thinned, or put in between later: what is new stands as it came.
      if (block.level > 0) continue
      const start = Math.max(0, block.length - left)
      left -= block.length - start
      if (start === block.length) continue
      parts.unshift({
        values: block.values.slice(start, block.length),
        times: block.times?.slice(start, block.length) ?? null,
        t0: block.times ? 0 : block.t0 + start * block.dt,
        dt: block.dt,
      })
    }
    return parts
  }

  /** Breaks the line at a time: something is missing there. */
  breakAt(t: number): void {
    const { newestAt, newest } = this
    if (newestAt === null || Number.isNaN(newest) || this.#broken) return
    this.add(t, Number.NaN)
    this.#broken = { t: newestAt, value: newest }
  }

  /**
   * Puts points where there are none, before, between or after those that there are: what is not in the same place is
   * left out. They count as thinned: they can be read again.
   */
  insert(times: ArrayLike<number>, values: ArrayLike<number>, moments?: Moments): void {
    const many = Math.min(times.length, values.length)
    if (many === 0) return
    let at = this.#blockAt(times[0]!)
    const within = this.#blocks[at]
    if (within && timeOf(within, 0) <= times[0]!) at = this.#split(at, upTo(within, times[0]!))
    const before = this.#blocks[at - 1]
    const after = this.#blocks[at]
    const from = before ? timeOf(before, before.length - 1) : -Infinity
    const to = after ? timeOf(after, 0) : Infinity
    let start = 0
    while (start < many && times[start]! <= from) start += 1
    let end = many
    while (end > start && times[end - 1]! >= to) end -= 1
    if (start === end) return
    const own = Float64Array.from({ length: end - start }, (_, i) => values[start + i]!)
    const block: Block = {
      values: own,
      times: Float64Array.from({ length: end - start }, (_, i) => times[start + i]!),
      t0: 0,
      dt: 0,
      length: own.length,
      moments: moments ?? momentsOf(own),
      growing: null,
      lows: null,
      highs: null,
      level: LEVELS - 1,
    }
    seal(block)
    this.#blocks.splice(at, 0, block)
    this.#kept[LEVELS - 1]! += own.length
    this.#version += 1
  }

  /** Lets go of all points after a time. */
  cutAfter(t: number): void {
    for (;;) {
      const at = this.#blocks.length - 1
      const block = this.#blocks[at]
      if (!block || timeOf(block, block.length - 1) <= t) return
      this.#remove(at, upTo(block, t), block.length)
    }
  }

  /** Takes a break back that stands at a time, where what was missing has come. */
  mendAt(t: number): void {
    for (let at = this.#blockAt(t); at < this.#blocks.length; at++) {
      const block = this.#blocks[at]!
      const index = upTo(block, t) - 1
      if (index < 0) return
      if (timeOf(block, index) !== t || !Number.isNaN(block.values[index]!)) continue
      this.#remove(at, index, index + 1)
      return
    }
  }

  /** Takes points `start` to `end` out of a block. */
  #remove(at: number, start: number, end: number): void {
    const block = this.#blocks[at]!
    const parts = [
      [0, start],
      [end, block.length],
    ] as const
    this.#blocks.splice(
      at,
      1,
      ...parts.filter(([from, to]) => from < to).map(([from, to]) => cutOf(block, from, to)),
    )
    this.#kept[block.level]! -= end - start
    if (end === block.length && at >= this.#blocks.length - 1) this.#broken = null
    this.#version += 1
  }

  clear(): void {
    this.#blocks = []
    this.#kept.fill(0)
    this.#version += 1
  }

  /**
   * Smallest and largest value of each of `lows.length` columns of equal width from `from` to `to` (ms since
   * epoch, `to` not included); NaN where a column has no finite value.
   * @param breaks says where the line breaks: bit 0 before a column's first finite value, bit 1 after its last
   */
  columns(from: number, to: number, lows: Float64Array, highs: Float64Array, breaks?: Uint8Array): void {
    const count = lows.length
    lows.fill(Number.NaN)
    highs.fill(Number.NaN)
    breaks?.fill(0)
    const scale = count / (to - from)
    const mark = (column: number, finite: boolean) => {
      if (!breaks) return
      if (finite) breaks[column]! &= ~2
      else breaks[column]! |= Number.isNaN(lows[column]!) ? 3 : 2
    }
    const put = (column: number, low: number, high: number) => {
      // Comparisons with NaN are false: the first finite value takes the place.
      if (!(low >= lows[column]!)) lows[column] = Number.isNaN(low) ? lows[column]! : low
      if (!(high <= highs[column]!)) highs[column] = Number.isNaN(high) ? highs[column]! : high
    }
    for (let b = this.#blockAt(from); b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!
      if (timeOf(block, 0) >= to) break
      const { values, length } = block
      let i = indexAt(block, from)
      while (i < length) {
        const t = timeOf(block, i)
        if (t >= to) break
        const column = Math.min(count - 1, Math.floor((t - from) * scale))
        const end = i + STEP
        if (block.lows && i % STEP === 0 && end <= length) {
          const lastColumn = Math.floor((timeOf(block, end - 1) - from) * scale)
          if (lastColumn === column) {
            if (breaks && !Number.isFinite(values[i]!)) mark(column, false)
            put(column, block.lows[i / STEP]!, block.highs![i / STEP]!)
            if (breaks) mark(column, Number.isFinite(values[end - 1]!))
            i = end
            continue
          }
        }
        const value = values[i]!
        const finite = Number.isFinite(value)
        if (breaks) mark(column, finite)
        if (finite) put(column, value, value)
        i += 1
      }
    }
  }

  /** Runs `visit` over the points from `from` to `to` (both included) in order, until it returns false. */
  forEach(from: number, to: number, visit: (t: number, value: number) => boolean | void): void {
    for (let b = this.#blockAt(from); b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!
      for (let i = indexAt(block, from); i < block.length; i++) {
        const t = timeOf(block, i)
        if (t > to) return
        if (visit(t, block.values[i]!) === false) return
      }
    }
  }

  /** Points kept from `from` to `to`, as far as `most`: then it stops counting. */
  countWithin(from: number, to: number, most: number): number {
    let count = 0
    for (let b = this.#blockAt(from); b < this.#blocks.length && count < most; b++) {
      const block = this.#blocks[b]!
      if (timeOf(block, 0) > to) break
      const [start, end] = within(block, from, to)
      count += Math.max(0, end - start)
    }
    return Math.min(most, count)
  }

  /** The point nearest to a time; null when there is none. */
  nearest(t: number): { t: number; value: number } | null {
    if (this.#blocks.length === 0) return null
    const b = Math.min(this.#blocks.length - 1, this.#blockAt(t))
    let best: { t: number; value: number } | null = null
    for (const block of [this.#blocks[b - 1], this.#blocks[b]]) {
      if (!block) continue
      const i = indexAt(block, t)
      for (const index of [i - 1, i]) {
        if (index < 0 || index >= block.length) continue
        const at = timeOf(block, index)
        if (!best || Math.abs(at - t) < Math.abs(best.t - t)) best = { t: at, value: block.values[index]! }
      }
    }
    return best
  }

  /** The newest point before a time, and the oldest at or after it: where a line enters and leaves a view. */
  around(t: number): {
    before: { t: number; value: number } | null
    after: { t: number; value: number } | null
  } {
    const b = this.#blockAt(t)
    const block = this.#blocks[b]
    const i = block ? indexAt(block, t) : 0
    const after = block && i < block.length ? pointOf(block, i) : null
    const earlier = this.#blocks[b - 1]
    const before =
      block && i > 0 ? pointOf(block, i - 1) : earlier ? pointOf(earlier, earlier.length - 1) : null
    return { before, after }
  }

  /** Statistics from `from` to `to`; exact but for thinned blocks that are cut by the window. */
  stats(from: number, to: number): TrackStats {
    let min = Number.POSITIVE_INFINITY
    let max = Number.NEGATIVE_INFINITY
    for (let b = this.#blockAt(from); b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!
      if (timeOf(block, 0) > to) break
      const [start, end] = within(block, from, to)
      const whole = start === 0 && end === block.length
      if (whole && block.lows) for (const low of block.lows) if (low < min) min = low
      if (whole && block.highs) for (const high of block.highs) if (high > max) max = high
      if (whole && block.lows) continue
      for (let i = start; i < end; i++) {
        const value = block.values[i]!
        if (!Number.isFinite(value)) continue
        if (value < min) min = value
        if (value > max) max = value
      }
    }
    const { n, mean, m2 } = this.moments(from, to)
    return n === 0
      ? { n: 0, ms: 0, min: Number.NaN, max: Number.NaN, mean: Number.NaN, deviation: Number.NaN }
      : {
          n,
          ms: this.#covered(from, to),
          min,
          max,
          // Sums round: no mean lies beyond all it is of.
          mean: Math.min(max, Math.max(min, mean)),
          deviation: n > 1 ? Math.sqrt(m2 / (n - 1)) : 0,
        }
  }

  #covered(from: number, to: number): number {
    return Math.max(0, Math.min(to, this.newestAt ?? to) - Math.max(from, this.first ?? from))
  }

  /** Number, mean and deviation of all samples received from `from` to `to`; see `stats`. */
  moments(from: number, to: number): Moments {
    let moments = NO_MOMENTS
    for (let b = this.#blockAt(from); b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!
      if (timeOf(block, 0) > to) break
      const [start, end] = within(block, from, to)
      if (start >= end) continue
      const whole = start === 0 && end === block.length
      moments = mergeMoments(moments, whole ? block.moments : shareOf(block, start, end))
    }
    return moments
  }

  /** True when the points of a range are all the samples that were received in it. */
  isExact(from: number, to: number): boolean {
    for (let b = this.#blockAt(from); b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!
      if (timeOf(block, 0) > to) break
      if (block.moments.n > block.length) return false
    }
    return true
  }

  /**
   * The points from `from` to `to`, thinned to about `most` when there are more: smallest and largest of
   * equal stretches of points, in order of time.
   */
  range(from: number, to: number, most: number): { t: Float64Array; v: Float64Array; thinned: boolean } {
    const count = this.countWithin(from, to, Number.POSITIVE_INFINITY)
    const t = new Float64Array(count)
    const v = new Float64Array(count)
    let n = 0
    for (let b = this.#blockAt(from); b < this.#blocks.length; b++) {
      const block = this.#blocks[b]!
      if (timeOf(block, 0) > to) break
      const [start, end] = within(block, from, to)
      if (start >= end) continue
      v.set(block.values.subarray(start, end), n)
      if (block.times) t.set(block.times.subarray(start, end), n)
      else for (let i = start; i < end; i++) t[n + i - start] = block.t0 + i * block.dt
      n += end - start
    }
    if (n <= most) return { t: t.subarray(0, n), v: v.subarray(0, n), thinned: false }
    return { ...thin(t.subarray(0, n), v.subarray(0, n), Math.max(1, Math.floor(most / 2))), thinned: true }
  }

  /** The block that is being filled. */
  #open(): Block {
    const newest = this.#blocks[this.#blocks.length - 1]
    if (newest && newest.level === 0 && newest.times && !newest.lows && newest.length < BLOCK) return newest
    if (newest && !newest.lows) seal(newest)
    const block: Block = {
      values: new Float64Array(FIRST_ROOM),
      times: new Float64Array(FIRST_ROOM),
      t0: 0,
      dt: 0,
      length: 0,
      moments: NO_MOMENTS,
      growing: null,
      lows: null,
      highs: null,
      level: 0,
    }
    this.#blocks.push(block)
    return block
  }

  #grew(points: number, samples: number): void {
    this.#broken = null
    this.#kept[0]! += points
    this.#added += points
    this.#received += samples
    this.#version += 1
    // Only these have become more.
    if (this.#kept[0]! > this.#maxPoints) this.#keepWithin()
  }

  #keepWithin(): void {
    for (let level = 0; level < LEVELS; level++)
      while (this.#kept[level]! > this.#bound(level) && this.#coarsen(level));
  }

  /** Points that a level may have: half as many once they are thinned. */
  #bound(level: number): number {
    return level === 0 ? this.#maxPoints : this.#maxPoints / 2
  }

  /** The oldest eighth of a level becomes a few blocks of the next, or goes. */
  #coarsen(level: number): boolean {
    const excess = this.#kept[level]! - (this.#bound(level) * 7) / 8
    const start = this.#blocks.findIndex((block) => block.level === level)
    let end = start
    let points = 0
    // The newest block stays as it is: it is being filled.
    while (points < excess && end < this.#blocks.length - 1 && this.#blocks[end]!.level === level)
      points += this.#blocks[end++]!.length
    if (points === 0) return false
    this.#kept[level]! -= points
    if (level === LEVELS - 1) {
      this.#blocks.splice(start, end - start)
      this.#dropped = true
      return true
    }
    const coarse: Block[] = []
    for (let at = start; at < end; at += COARSER) {
      const block = merged(this.#blocks.slice(at, Math.min(end, at + COARSER)), level + 1)
      coarse.push(block)
      this.#kept[level + 1]! += block.length
    }
    this.#blocks.splice(start, end - start, ...coarse)
    return true
  }

  /** Splits a block before its point `index`. @returns where the part from there on is */
  #split(at: number, index: number): number {
    const block = this.#blocks[at]!
    if (index < block.length)
      this.#blocks.splice(at, 1, cutOf(block, 0, index), cutOf(block, index, block.length))
    else if (!block.lows) seal(block)
    return at + 1
  }

  /** Index of the first block that ends at or after a time. */
  #blockAt(t: number): number {
    let low = 0
    let high = this.#blocks.length
    while (low < high) {
      const middle = (low + high) >> 1
      const block = this.#blocks[middle]!
      if (timeOf(block, block.length - 1) < t) low = middle + 1
      else high = middle
    }
    return low
  }
}

function timeOf(block: Block, i: number): number {
  return block.times ? block.times[i]! : block.t0 + i * block.dt
}

function pointOf(block: Block, i: number): { t: number; value: number } {
  return { t: timeOf(block, i), value: block.values[i]! }
}

/** Index of a block's first point at or after a time; its length when there is none. */
function indexAt(block: Block, t: number): number {
  if (!block.times) return Math.min(block.length, Math.max(0, Math.ceil((t - block.t0) / block.dt - 1e-9)))
  let low = 0
  let high = block.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (block.times[middle]! < t) low = middle + 1
    else high = middle
  }
  return low
}

/** How many points of a block are not after a time. */
function upTo(block: Block, t: number): number {
  let end = indexAt(block, t)
  while (end < block.length && timeOf(block, end) <= t) end += 1
  return end
}

/** The points of a block from `from` to `to`, both included: first index, and the one after the last. */
function within(block: Block, from: number, to: number): [number, number] {
  let end = timeOf(block, block.length - 1) > to ? indexAt(block, to) : block.length
  // Several points may have one time.
  while (end < block.length && timeOf(block, end) === to) end += 1
  return [indexAt(block, from), end]
}

/** A part of a block, sealed. */
function cutOf(block: Block, start: number, end: number): Block {
  const part: Block = {
    ...block,
    values: block.values.slice(start, end),
    times: block.times?.slice(start, end) ?? null,
    t0: block.t0 + start * block.dt,
    length: end - start,
    moments: shareOf(block, start, end),
    growing: null,
  }
  seal(part)
  return part
}

function enlarge(block: Block): void {
  const values = new Float64Array(block.values.length * 2)
  const times = new Float64Array(block.values.length * 2)
  values.set(block.values)
  times.set(block.times!)
  block.values = values
  block.times = times
}

function addMoments(block: Block, from: number): void {
  setMoments(block, mergeMoments(block.moments, momentsOf(block.values, from, block.length)))
}

function setMoments(block: Block, moments: Moments): void {
  block.moments = moments
  block.growing = null
}

/** No more points come: room that is not used goes, and the extremes of each stretch are noted. */
function seal(block: Block): void {
  const { length } = block
  if (block.values.length > length) {
    block.values = block.values.slice(0, length)
    block.times = block.times?.slice(0, length) ?? null
  }
  const steps = Math.ceil(length / STEP)
  block.lows = new Float64Array(steps)
  block.highs = new Float64Array(steps)
  for (let step = 0; step < steps; step++) {
    let low = Number.NaN
    let high = Number.NaN
    for (let i = step * STEP; i < Math.min(length, (step + 1) * STEP); i++) {
      const value = block.values[i]!
      if (!Number.isFinite(value)) continue
      if (!(value >= low)) low = value
      if (!(value <= high)) high = value
    }
    block.lows[step] = low
    block.highs[step] = high
  }
}

/** Part of a thinned block: its share of what was received, as if that were alike all over it. */
function shareOf({ moments, values, length }: Block, start: number, end: number): Moments {
  if (moments.n <= length) return momentsOf(values, start, end)
  const share = (end - start) / length
  return { n: Math.round(moments.n * share), mean: moments.mean, m2: moments.m2 * share }
}

function merged(blocks: readonly Block[], level: number): Block {
  const length = blocks.reduce((sum, block) => sum + block.length, 0)
  const times = new Float64Array(length)
  const values = new Float64Array(length)
  let n = 0
  for (const block of blocks)
    for (let i = 0; i < block.length; i++) {
      times[n] = timeOf(block, i)
      values[n++] = block.values[i]!
    }
  const { t, v } = thin(times, values, Math.max(1, Math.ceil(length / COARSER / 2)))
  const block: Block = {
    values: v,
    times: t,
    t0: 0,
    dt: 0,
    length: t.length,
    moments: blocks.reduce((sum, each) => mergeMoments(sum, each.moments), NO_MOMENTS),
    growing: null,
    lows: null,
    highs: null,
    level,
  }
  seal(block)
  return block
}
