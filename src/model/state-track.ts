/** Null: not known from then on. */
export type StateValue = string | boolean | null

/** Changes kept; the oldest eighth goes when there are more. */
const MOST = 20_000

/** The states of one channel over time: a state lasts until the next change. Times are ms since epoch. */
export class StateTrack {
  readonly times: number[] = []
  readonly values: StateValue[] = []
  #version = 0
  /** States that `takeNew` has not given out. */
  #fresh = 0

  /** Changes with every change. */
  get version(): number {
    return this.#version
  }

  /** Adds a state; one that is no change is left out. @returns whether it was a change */
  append(t: number, value: StateValue): boolean {
    const { times, values } = this
    if (values.length > 0 ? values.at(-1) === value : value === null) return false
    times.push(Math.max(t, times.at(-1) ?? t))
    values.push(value)
    if (times.length > MOST) {
      times.splice(0, MOST / 8)
      values.splice(0, MOST / 8)
    }
    this.#version += 1
    this.#fresh += 1
    return true
  }

  /** The state at a time; null before the first, and where it is not known. */
  at(t: number): StateValue {
    return this.values[this.indexAt(t)] ?? null
  }

  /** Index of the state that lasts at a time; -1 before the first. */
  indexAt(t: number): number {
    let low = 0
    let high = this.times.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.times[middle]! <= t) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** The states of a window, from the one that lasts at its beginning. */
  range(from: number, to: number): { t: number[]; v: StateValue[] } {
    const start = Math.max(0, this.indexAt(from))
    const end = this.indexAt(to) + 1
    return { t: this.times.slice(start, end), v: this.values.slice(start, end) }
  }

  /** The states added since the last call. */
  takeNew(): { t: number[]; v: StateValue[] } {
    const from = Math.max(0, this.times.length - this.#fresh)
    this.#fresh = 0
    return { t: this.times.slice(from), v: this.values.slice(from) }
  }

  clear(): void {
    this.times.length = 0
    this.values.length = 0
    this.#version += 1
  }
}
