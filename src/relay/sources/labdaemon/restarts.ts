/** No run makes its first steps more than so many times as fast as the one before went. */
const FASTER = 2
/** Steps that any run may make at once. */
const AT_ONCE = 10

export interface Seen {
  step: number
  total: number | null
  /** ms of the monotonic clock. */
  at: number
}

/** What is known of one run by its steps: enough to tell whether what comes after an interruption is another. */
export class RunSigns {
  #first: Seen | null = null
  #last: Seen | null = null
  /** Its steps began anew, or their total changed, while it was listened to: then that is no sign. */
  #fell = false
  #varied = false

  /** True once a step was seen. */
  get areSeen(): boolean {
    return this.#last !== null
  }

  /** Takes a step of the run. */
  take(seen: Seen): void {
    const last = this.#last
    if (last) {
      this.#fell ||= seen.step < last.step
      this.#varied ||= seen.total !== last.total
    }
    this.#first ??= seen
    this.#last = seen
  }

  /**
   * Whether the first step after an interruption is another run's, under the same id (LabDaemon wire contract
   * §5.19).
   * @param since when the interruption began, ms of the monotonic clock
   * @param refused the server refused connections meanwhile: it was another one unless the run must be the same
   */
  isAnother(seen: Seen, since: number, refused: boolean): boolean {
    const last = this.#last
    if (!last || !this.#first) return refused
    const hasFallen = seen.step < last.step
    const hasOtherTotal = seen.total !== last.total
    if ((hasFallen && !this.#fell) || (hasOtherTotal && !this.#varied)) return true
    if (!refused) return false
    if (hasFallen || hasOtherTotal) return true
    const perMs = (last.step - this.#first.step) / Math.max(1, last.at - this.#first.at)
    const reached = Math.max(0, perMs) * (seen.at - since) * FASTER + AT_ONCE
    return seen.step <= reached
  }

  /** The words for how far it was seen to come. */
  get words(): string {
    if (!this.#last) return 'the run before'
    const { step, total } = this.#last
    return `the run before, seen to step ${step}${total === null ? '' : ` of ${total}`},`
  }
}

/**
 * Whether a list was written by another server than the one before it: tasks are gone, and fewer that ended are
 * kept. A server that lets the oldest go keeps as many as ever (LabDaemon wire contract §5.9).
 * @param gone tasks of the list before that it lacks
 * @param ended tasks that had ended in the list before, and in this one
 */
export function isAnotherServer(gone: number, ended: { before: number; now: number }): boolean {
  return gone > 0 && ended.now < Math.max(1, ended.before)
}

/** When a server was away, and how often it came back as another. Times are of the monotonic clock. */
export class Restarts {
  count = 0
  #brokenAt = -Infinity
  #listedAt = -Infinity
  #notedAt = -Infinity
  #refused = 0
  #lostStream = false

  /** A stream was lost. */
  broken(at: number): void {
    this.#brokenAt = at
    this.#lostStream = true
  }

  /** A poll was refused a connection. */
  refused(at: number): void {
    this.#brokenAt = at
    this.#refused += 1
  }

  /**
   * A list was read.
   * @returns what happened since the one before: `since` is when it began
   */
  listed(at: number): { since: number; wasDown: boolean } {
    const since = Math.max(this.#brokenAt, this.#listedAt)
    // One refusal alone may be a full backlog.
    const wasDown = this.#refused > 1 || (this.#refused > 0 && this.#lostStream)
    this.#listedAt = at
    this.#refused = 0
    this.#lostStream = false
    return { since, wasDown }
  }

  /** Counts a restart, once however many signs of it there are. @param since when the server was lost */
  note(at: number, since: number): void {
    if (since <= this.#notedAt) return
    this.count += 1
    this.#notedAt = at
  }
}
