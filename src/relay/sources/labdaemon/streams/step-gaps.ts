import type { Gap, GapCause } from '#model/gap.ts'
import { Sequence, type Hole } from './sequence.ts'

/** What nearly every step brings. */
const NONE: readonly StepGap[] = []
/** From this step on it takes no proof of a stride: series that rise irregularly begin small. */
const LATE = 20

/** A hole in the steps. */
export interface StepGap extends Gap {
  /** The first step behind it, where that came some messages ago; null: the newest. */
  before: number | null
}

/**
 * Finds holes in a task's steps. Ids of the stream tell nothing: they count what was queued, not what was
 * made (LabDaemon wire contract §4, §5.4). Steps are whatever a task says they are; missing ones are named
 * only where they count.
 */
export class StepGaps {
  readonly #sequence = new Sequence()
  #first: number | null = null
  /** Whether anything came before the first step is still to be judged by those that follow. */
  #isFirstOpen = false
  #total: number | null = null
  /** Steps fell: they began anew. */
  #fell = false
  /** The smallest rise seen. */
  #rise = Infinity
  #interrupted = false

  /** Steps up to this one are recorded; what comes next is after an interruption. */
  goOnFrom(step: number, total: number | null): void {
    this.#first = step
    this.#total = total
    this.#sequence.next(step)
    this.#interrupted = true
  }

  /** The stream was closed and opened again: the next hole is its doing. */
  interrupted(): void {
    this.#interrupted = this.#first !== null
  }

  /**
   * At the task's end.
   * @param completed it ended as it should
   * @returns the hole that an interruption left open, or what only its last step tells
   */
  atEnd(at: number, completed: boolean): StepGap | null {
    if (this.#interrupted)
      return gap(at, 'disconnected', 'the stream was interrupted; the rest is not known', null)
    const { stride, last } = this.#sequence
    const first = this.#first
    const total = this.#total
    if (this.#fell || first === null || total === null) return null
    // Of N steps it counted 0 to N - 1 or 1 to N: where both ends are missing, one of them was made.
    if (completed && stride !== null && first === stride && last === total - stride) {
      const text = `step 0 or step ${total} not received: of ${total} steps ${first} to ${last} were`
      return gap(at, 'dropped', text, 1)
    }
    return null
  }

  /** Takes the next step as sent, null when the payload has none; returns the holes that are certain now. */
  next(step: number | null, total: number | null, at: number): readonly StepGap[] {
    const interrupted = this.#interrupted
    this.#interrupted = false
    this.#total = total ?? this.#total
    if (step === null) return interrupted ? [unknown(at, 'the stream was interrupted')] : NONE
    const { last } = this.#sequence
    if (last === null) {
      this.#first = step
      // Some count from 0, some from 1, some in larger strides.
      this.#isFirstOpen = step > 1
    } else if (interrupted) return this.#acrossInterruption(last, step, at)
    else if (step > last) this.#rise = Math.min(this.#rise, step - last)
    else if (step < last) {
      this.#fell = true
      this.#isFirstOpen = false
    }
    const holes = this.#sequence.next(step)
    if (holes.length === 0 && !this.#isFirstOpen) return NONE
    const gaps = holes.map((hole) => dropped(at, hole, hole.to + (this.#sequence.stride ?? 0)))
    return [...this.#beforeFirst(at), ...gaps]
  }

  /** That the record begins late: told as soon as the first step cannot be the first stride of a count. */
  #beforeFirst(at: number): StepGap[] {
    const first = this.#first
    if (!this.#isFirstOpen || first === null) return []
    const { stride } = this.#sequence
    if (stride === null && !(first >= LATE && isOddOf(first, this.#total))) return []
    this.#isFirstOpen = false
    return stride !== null && first <= stride ? [] : [notBefore(at, first)]
  }

  #acrossInterruption(last: number, step: number, at: number): StepGap[] {
    const { stride } = this.#sequence
    this.#sequence.jump()
    this.#sequence.next(step)
    const rise = step - last
    if (rise < 0) {
      this.#fell = true
      return [unknown(at, `the stream was interrupted at step ${last}, and steps began anew at ${step}`)]
    }
    if (rise === 0 || rise === (stride ?? this.#rise)) return []
    if (stride === null || rise % stride !== 0)
      return [unknown(at, `the stream was interrupted between step ${last} and step ${step}`)]
    const hole = { from: last + stride, to: step - stride, count: rise / stride - 1 }
    const text = `${rangeOf(hole)} not received: the stream was interrupted`
    return [gap(at, 'disconnected', text, hole.count)]
  }
}

/** True where a count that began with this step would not end at the total: it began before. */
function isOddOf(first: number, total: number | null): boolean {
  return total !== null && Number.isSafeInteger(first) && first < total && total % first !== 0
}

function rangeOf({ from, to, count }: Hole): string {
  return count === 1 ? `step ${from}` : `steps ${from} to ${to}`
}

function dropped(at: number, hole: Hole, before: number): StepGap {
  return gap(at, 'dropped', `${rangeOf(hole)} not received: dropped by the server`, hole.count, before)
}

/** @param what happened to the stream, in words */
function unknown(at: number, what: string): StepGap {
  return gap(at, 'disconnected', `${what}; what it missed is not known`, null)
}

function notBefore(at: number, step: number): StepGap {
  return gap(at, 'late', `not recorded before step ${step}`, null, step)
}

function gap(
  at: number,
  cause: GapCause,
  text: string,
  missed: number | null,
  before: number | null = null,
): StepGap {
  return { at, cause, text, missed, before }
}
