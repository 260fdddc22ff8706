import type { Frame, PyError } from './python-error.ts'
import type { PyDict } from './python-json.ts'
import { timestamp } from './time.ts'

/** Task errors kept; device errors stay until cleared (LabDaemon wire contract §6). */
const TASK_ERRORS = 20

/** What a task's stored error shows instead of a traceback (§5.7). */
const NO_TRACEBACK = 'NoneType: None\n'

/** The last error of each device and task, as `GET …/error` shows them (LabDaemon wire contract §3). */
export class ErrorBook<Key> {
  readonly #now: () => number
  readonly #limit: number
  readonly #errors = new Map<Key, PyDict>()

  constructor(now: () => number, limit: number) {
    this.#now = now
    this.#limit = limit
  }

  static ofDevices(now: () => number): ErrorBook<string> {
    return new ErrorBook<string>(now, Infinity)
  }

  static ofTasks<Key>(now: () => number): ErrorBook<Key> {
    return new ErrorBook<Key>(now, TASK_ERRORS)
  }

  record(
    key: Key,
    error: PyError,
    origin: 'framework' | 'device',
    context: PyDict,
    frames?: readonly Frame[],
  ): void {
    this.#errors.delete(key)
    this.#errors.set(key, {
      error: {
        type: error.type,
        message: error.message,
        origin,
        timestamp: timestamp(this.#now()),
        traceback: frames ? error.traceback(frames) : NO_TRACEBACK,
        context,
      },
    })
    const oldest = this.#errors.keys().next()
    if (this.#errors.size > this.#limit && oldest.done !== true) this.#errors.delete(oldest.value)
  }

  get(key: Key): PyDict | undefined {
    return this.#errors.get(key)
  }

  clear(key: Key): void {
    this.#errors.delete(key)
  }
}
