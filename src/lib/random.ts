/** A seeded source of pseudo-random numbers: the same seed gives the same run. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number
  /** At least `low`, less than `high`. */
  between(low: number, high: number): number
  /** A whole number from `low` to `high`, both possible. */
  integer(low: number, high: number): number
  pick<T>(items: readonly [T, ...T[]]): T
  /** Normally distributed around 0 with a standard deviation of 1. */
  normal(): number
  /** A source of its own, so that what one consumer draws does not shift another's numbers. */
  fork(): Random
}

/** The mulberry32 generator: 32 bits of state, fast, good enough for demos and tests. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const between = (low: number, high: number) => low + next() * (high - low)
  const integer = (low: number, high: number) => Math.floor(between(low, high + 1))
  return {
    next,
    between,
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    fork: () => createRandom(Math.floor(next() * 4_294_967_296)),
  }
}
