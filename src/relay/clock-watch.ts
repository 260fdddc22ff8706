import { formatRoughly } from '#lib/format.ts'
import { isTerminal } from '#model/status.ts'
import type { SteadyClock } from './steady-clock.ts'
import type { Tasks } from './record/doors.ts'

const LOOK_MS = 1_000
/** What is told was set: less is nobody's concern. */
const TOLD_MS = 5_000

export interface ClockWatchOptions {
  clock: SteadyClock
  book: Pick<Tasks, 'all' | 'record'>
  /** No stream is open: nothing is being measured. */
  isQuiet(): boolean
}

/** Notices that somebody set the clock of the machine, and notes it in the record of every task under way. */
export class ClockWatch {
  readonly #options: ClockWatchOptions
  #told = 0
  #timer: unknown

  constructor(options: ClockWatchOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = this.#options.clock.setTimeout(this.#look, LOOK_MS)
  }

  stop(): void {
    this.#options.clock.clearTimeout(this.#timer)
  }

  readonly #look = (): void => {
    const { clock, book, isQuiet } = this.#options
    this.start()
    const ahead = clock.setAheadMs
    const by = ahead - this.#told
    if (Math.abs(by) < TOLD_MS) return
    const running = book.all().filter(({ status }) => !isTerminal(status))
    if (running.length === 0 && isQuiet() && ahead > 0) {
      clock.catchUp()
      this.#told = 0
      return
    }
    this.#told = ahead
    const at = clock.now()
    const text = `The clock of the machine that runs Weir was set ${formatRoughly(Math.abs(by))} ${by > 0 ? 'ahead' : 'back'}. Times here go on by the clock as it was, so that durations stay right.`
    for (const { source, kind, id } of running)
      book.record(source, kind, id, [{ k: 'lines', at, kind: 'note', texts: [text] }])
  }
}
