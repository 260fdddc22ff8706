import type { LineRange } from '#model/log-buffer.ts'
import type { LogSource } from './log-source.ts'

/** What is on screen is asked for with its surroundings: a short scroll finds the lines there already. */
const BLOCK = 1_000
/** A search or a download asks for more at a time. */
const BULK = 10_000
const RETRY_MS = 3_000

/** Fetches lines that are not loaded, one request at a time. */
export class RangeLoader {
  readonly #source: LogSource
  #busy: Promise<boolean> | null = null
  #failedAt = -Infinity
  /** Why the last request failed; null once one succeeded. */
  error: string | null = null

  constructor(source: LogSource) {
    this.#source = source
  }

  get possible(): boolean {
    return this.#source.loadRange !== undefined
  }

  /** How long to rest before the next request, ms: 0 unless the last one failed. */
  get wait(): number {
    return Math.max(0, this.#failedAt + RETRY_MS - performance.now())
  }

  /** Loads what is missing around a range; null when there is nothing to do now. */
  around(from: number, to: number): Promise<boolean> | null {
    const { buffer } = this.#source
    if (!this.possible || this.#busy || this.wait > 0) return null
    const hole = buffer.missing(from, to)[0]
    if (!hole) return null
    const start = Math.floor(hole.from / BLOCK) * BLOCK
    const block = buffer
      .missing(start, Math.max(hole.to, start + BLOCK))
      .find((range) => range.to > hole.from)
    return block ? this.#load({ from: block.from, to: Math.min(block.to, hole.from + 2 * BLOCK) }) : null
  }

  /**
   * Loads the newest missing block of a range. True when there may be more, false when nothing is missing
   * or it cannot be loaded.
   */
  async next(from: number, to: number): Promise<boolean> {
    while (this.#busy) await this.#busy
    const hole = this.#source.buffer.missing(from, to).at(-1)
    if (!hole || !this.possible) return false
    return this.#load({ from: Math.max(hole.from, hole.to - BULK), to: hole.to })
  }

  /** Loads all of a range; false when some of it cannot be had. */
  async all(from: number, to: number): Promise<boolean> {
    while (await this.next(from, to)) continue
    return this.#source.buffer.missing(from, to).length === 0
  }

  #load({ from, to }: LineRange): Promise<boolean> {
    const load = async () => {
      try {
        await this.#source.loadRange?.(from, to)
        this.error = null
        // An answer without the lines asked for would be asked for again for ever.
        const still = this.#source.buffer
          .missing(from, to)
          .reduce((sum, hole) => sum + hole.to - hole.from, 0)
        if (still < to - from) return true
        this.error = 'the relay did not send them'
      } catch (error) {
        this.error = error instanceof Error ? error.message : String(error)
      } finally {
        this.#busy = null
      }
      this.#failedAt = performance.now()
      return false
    }
    return (this.#busy = load())
  }
}
