import type { Gap, GapCause } from '#model/gap.ts'

const MOST_MISSED = 1e9

/**
 * Finds holes in a task's steps. Ids of the stream tell nothing: they count what was queued, not what was
 * made (LabDaemon wire contract §4, §5.4). A task may count in strides; the smallest one seen is no hole.
 */
export class StepGaps {
  #last: number | null = null
  #stride: number | null = null
  #interrupted = false

  /** The stream was closed and opened again: the next hole is its doing. */
  interrupted(): void {
    this.#interrupted = this.#last !== null
  }

  /** At the task's end: the hole that an interruption left open, if there is one. */
  atEnd(at: number): Gap | null {
    return this.#interrupted
      ? gap(at, 'disconnected', 'the stream was interrupted; the rest is not known', null)
      : null
  }

  /** Takes the next step as sent, null when the payload has none; returns the hole before it. */
  next(step: number | null, at: number): Gap | null {
    const interrupted = this.#interrupted
    this.#interrupted = false
    if (step === null)
      return interrupted
        ? gap(at, 'disconnected', 'the stream was interrupted; what it missed is not known', null)
        : null
    const last = this.#last
    this.#last = step
    // Some count from 0, some from 1.
    if (last === null) return step > 1 ? gap(at, 'late', `not recorded before step ${step}`, null) : null
    const delta = step - last
    // Equal: sent twice. Smaller: a new pass.
    if (delta <= 0) return null
    // The server's queue holds ten, so the first two events are neighbours: their distance is the stride.
    const stride = this.#stride ?? (interrupted ? 1 : delta)
    if (!interrupted) this.#stride = Math.min(stride, delta)
    const missed = Math.round(delta / stride) - 1
    if (missed < 1) return null
    // No task makes so many steps between two events: it counts something else now.
    if (missed > MOST_MISSED) return gap(at, 'dropped', `the step jumped from ${last} to ${step}`, null)
    const from = last + stride
    const to = step - stride
    const range = missed === 1 ? `step ${from}` : `steps ${from} to ${to}`
    return interrupted
      ? gap(at, 'disconnected', `${range} not received: the stream was interrupted`, missed)
      : gap(at, 'dropped', `${range} not received: dropped by the server`, missed)
  }
}

function gap(at: number, cause: GapCause, text: string, missed: number | null): Gap {
  return { at, cause, text, missed }
}
