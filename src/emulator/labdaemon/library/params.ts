import { toFloat, toInt } from '../python-error.ts'
import { isTruthy } from '../python-json.ts'
import type { PyDict, PyValue } from '../python-json.ts'

/** Reads a task's parameters under any of the names people use for them; unknown ones are ignored. */
export class Params {
  readonly #given: PyDict

  constructor(given: PyDict) {
    this.#given = given
  }

  raw(...names: string[]): PyValue | undefined {
    for (const name of names) {
      const value = this.#given[name]
      if (value !== undefined) return value
    }
    return undefined
  }

  number(fallback: number, ...names: string[]): number {
    const value = this.raw(...names)
    return value === undefined || value === null ? fallback : toFloat(value)
  }

  integer(fallback: number, ...names: string[]): number {
    const value = this.raw(...names)
    return value === undefined || value === null ? fallback : toInt(value)
  }

  text(fallback: string, ...names: string[]): string {
    const value = this.raw(...names)
    return typeof value === 'string' ? value : fallback
  }

  flag(fallback: boolean, ...names: string[]): boolean {
    const value = this.raw(...names)
    return value === undefined ? fallback : isTruthy(value)
  }

  steps(fallback: number): number {
    return this.integer(fallback, 'steps', 'total_steps', 'n_steps', 'num_steps', 'total')
  }

  /** Seconds between steps. */
  delay(fallback: number): number {
    return this.number(fallback, 'delay', 'step_delay', 'delay_seconds', 'delay_s', 'interval')
  }

  /** Seconds before the first step. */
  get startDelay(): number {
    return this.number(0, 'start_delay')
  }

  /** Seconds until the stream device exists (LabDaemon wire contract §5.10). */
  get streamAfter(): number {
    return this.number(0, 'stream_after')
  }

  streaming(fallback: boolean): boolean {
    return this.flag(fallback, 'enable_streaming')
  }
}
