import { callAll } from './isolate.ts'

/**
 * What a frame does, in this order: stores take in what was received, views that are not React's or wait for their
 * turn show it, and pictures are drawn. What one phase asks of a later one still happens in the same frame.
 */
const PHASES = ['commit', 'show', 'paint'] as const
export type Phase = (typeof PHASES)[number]

/** In place of frames, which stop while the page is hidden: what is received is still taken in. */
const HIDDEN_MS = 1_000

/** Runs work once per animation frame: one callback for the whole page, and none while nobody asks. */
export class Frames {
  readonly #wanted: Record<Phase, Set<() => void>> = { commit: new Set(), show: new Set(), paint: new Set() }
  #frame = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  /** The phase that is running; after the last while none is. */
  #phase: number = PHASES.length
  #isListening = false

  /** Asks for one run of `work`; asking again before it ran changes nothing. */
  request(phase: Phase, work: () => void): void {
    this.#wanted[phase].add(work)
    if (PHASES.indexOf(phase) <= this.#phase) this.#schedule()
  }

  /** Takes a request back. */
  cancel(phase: Phase, work: () => void): void {
    this.#wanted[phase].delete(work)
  }

  #schedule(): void {
    if (!this.#isListening) {
      this.#isListening = true
      document.addEventListener('visibilitychange', this.#turned)
    }
    if (!document.hidden) this.#frame ||= requestAnimationFrame(this.#run)
    else if (this.#wanted.commit.size > 0) this.#timer ??= setTimeout(this.#takeIn, HIDDEN_MS)
  }

  /** A frame asked for just before the page was hidden would never come. */
  readonly #turned = (): void => {
    if (document.hidden) this.#schedule()
    else if (PHASES.some((phase) => this.#wanted[phase].size > 0)) this.#run()
  }

  readonly #takeIn = (): void => {
    this.#timer = undefined
    this.#runPhase(0)
    this.#phase = PHASES.length
  }

  readonly #run = (): void => {
    cancelAnimationFrame(this.#frame)
    clearTimeout(this.#timer)
    this.#frame = 0
    this.#timer = undefined
    for (let phase = 0; phase < PHASES.length; phase++) this.#runPhase(phase)
    this.#phase = PHASES.length
  }

  #runPhase(phase: number): void {
    this.#phase = phase
    const wanted = this.#wanted[PHASES[phase]!]
    const now = [...wanted]
    wanted.clear()
    callAll(now)
  }
}

/** The page's one owner of frames. */
export const frames = new Frames()
