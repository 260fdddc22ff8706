/** Numbers that a counter passed over. */
export interface Hole {
  from: number
  to: number
  count: number
}

/** What nearly every number brings. */
const NONE: readonly Hole[] = []
/** So many equal rises in a row, and a number is a counter that moves by them. */
const PROOF = 3
/** So many holes one after another, and it is none after all. */
const MOST_IN_A_ROW = 6
/** No counter moves on by so many strides between two messages: it counts something else now. */
const MOST_MISSED = 1e6

/**
 * Tells holes in a series of numbers, and only where the series has shown that it counts: whole numbers that
 * rise by one constant stride. 1, 2, 5, 10, 20, 50 has no hole; a fall is a new start; a hole is certain when
 * the old stride is back behind it, since a counter that moves in larger strides from there on jumps too.
 */
export class Sequence {
  #last: number | null = null
  /** What was last before the newest fall: there may be two counters in one series. */
  #before = -Infinity
  /** The newest rise, and how often in a row it came. */
  #rise = 0
  #row = 0
  #stride: number | null = null
  /** Strides seen since they were proven. */
  #strides = 0
  #pending: Hole[] = []
  /** Of the pending holes, how many came one after another: now, and at most. */
  #holesInRow = 0
  #worstRow = 0

  /** The proven stride; null when there is none. */
  get stride(): number | null {
    return this.#stride
  }

  get last(): number | null {
    return this.#last
  }

  /** True when the value is just what was to come. */
  isNext(value: number): boolean {
    return this.#stride !== null && this.#last !== null && value - this.#last === this.#stride
  }

  /** What comes next may be anything; the stride stays proven. */
  jump(): void {
    this.#last = null
    this.#before = -Infinity
    this.#row = this.#rise = 0
    this.#forgetHoles()
  }

  /** It has not shown that it counts. */
  doubt(): void {
    this.#stride = null
    this.#row = this.#rise = this.#strides = 0
    this.#forgetHoles()
  }

  /** Takes the next number; returns the holes before it that are certain now, in order. */
  next(value: number): readonly Hole[] {
    const last = this.#last
    this.#last = value
    if (!Number.isSafeInteger(value)) this.doubt()
    if (last === null || value === last || !Number.isSafeInteger(value) || !Number.isSafeInteger(last))
      return NONE
    if (value < last) {
      this.#before = last
      this.#row = this.#rise = 0
      this.#forgetHoles()
      return NONE
    }
    return this.#risen(last, value)
  }

  #risen(last: number, value: number): readonly Hole[] {
    const rise = value - last
    this.#row = rise === this.#rise ? this.#row + 1 : 1
    this.#rise = rise
    const stride = this.#stride
    // Back from a smaller count inside a larger one.
    const isReturn = last <= this.#before && value > this.#before
    if (isReturn) this.#before = -Infinity
    if (rise === stride) return this.#moved()
    if (stride !== null && (isReturn || rise % stride !== 0 || rise / stride > MOST_MISSED)) this.doubt()
    else if (stride !== null) {
      this.#pending.push({ from: last + stride, to: value - stride, count: rise / stride - 1 })
      this.#worstRow = Math.max(this.#worstRow, ++this.#holesInRow)
      if (this.#worstRow > MOST_IN_A_ROW || this.#pending.length > this.#strides) this.doubt()
    } else if (this.#row === PROOF) {
      this.#stride = rise
      this.#strides = PROOF
    }
    return NONE
  }

  /** By one stride: the more holes came in a row, the more strides are to follow them. */
  #moved(): readonly Hole[] {
    this.#strides += 1
    this.#holesInRow = 0
    if (this.#pending.length === 0 || this.#row <= this.#worstRow) return NONE
    const certain = this.#pending
    this.#forgetHoles()
    return certain
  }

  #forgetHoles(): void {
    this.#pending = []
    this.#holesInRow = this.#worstRow = 0
  }
}
