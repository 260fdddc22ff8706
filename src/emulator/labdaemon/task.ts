import type { Random } from '#lib/random.ts'
import type { Cancel, Timers } from '../shared/timers.ts'
import type { Device } from './device.ts'
import { PyError, toPyError } from './python-error.ts'
import type { PyDict, PyValue } from './python-json.ts'

/** What a task waits for: time, time that a cancel cuts short, or to be resumed. */
export type Wait =
  | { readonly kind: 'sleep'; readonly seconds: number; readonly untilCancel: boolean }
  | { readonly kind: 'resumed' }

/** The body of a task's thread: runs until it waits, goes on when the wait is over. */
export type Run = Generator<Wait, PyValue, void>

/** Where a task sends its progress; does nothing when it does not stream. */
export type Send = (payload: PyValue) => void

/** What a running task sees of the server: the context LabDaemon gives to `run`. */
export interface TaskContext {
  readonly taskId: TaskId
  readonly random: Random
  readonly isCancelled: boolean
  now(): number
  /** `time.sleep`: nothing shortens it. */
  sleep(seconds: number): Wait
  /** `cancel_event.wait`: a cancel ends it at once. */
  sleepUnlessCancelled(seconds: number): Wait
  /** `resume_event.wait`: no wait at all unless paused. */
  resumed(): Wait
  /** Makes the virtual device `stream-{task_id}` (LabDaemon wire contract §4). */
  openStream(): Send
  device(id: string): Device
  /** Starts a child, as an ordinary task without claims or stored errors (§5.7). */
  startChild(id: string, type: string, params: PyDict): void
}

/** The part of the context that the server supplies; the rest is the run's own. */
export type ServerContext = Pick<
  TaskContext,
  'taskId' | 'random' | 'now' | 'openStream' | 'device' | 'startChild'
>

/** An instance of a plug-in's task class. */
export interface TaskModel {
  /** What the task wants for itself; the server checks that it is a list. */
  readonly deviceIds: PyValue
  run(context: TaskContext): Run
  setParameter?(key: string, value: PyValue): void
}

/** A task class under the name it is registered with, which need not be the class name (§3). */
export interface TaskClass {
  readonly className: string
  /** Raises what the constructor raises. */
  create(taskId: TaskId, params: PyDict): TaskModel
}

/** Numbers are stored as such, and then no path reaches them (LabDaemon wire contract §2). */
export type TaskId = string | number

/** What a run needs of the server. */
export interface TaskHost {
  readonly timers: Timers
  ms(seconds: number): number
  context(task: TaskRun): ServerContext
  onEnd(task: TaskRun): void
}

/** A task of the server, running or ended. */
export class TaskRun {
  readonly id: TaskId
  readonly className: string
  readonly model: TaskModel
  result: PyValue = null
  error: PyError | undefined
  readonly #host: TaskHost
  #running = true
  #cancelled = false
  #paused = false
  #thread: Run | undefined
  #waiting: Wait | undefined
  #cancelTimer: Cancel = () => {}

  constructor(id: TaskId, className: string, model: TaskModel, host: TaskHost) {
    this.id = id
    this.className = className
    this.model = model
    this.#host = host
  }

  get running(): boolean {
    return this.#running
  }

  /** Runs until the first wait, or to the end. */
  start(): void {
    try {
      this.#thread = this.model.run(this.#context())
    } catch (thrown) {
      this.error = toPyError(thrown)
      this.#end()
      return
    }
    this.#step()
  }

  /** Sets the flag and opens the gate; the task ends when it looks, or never (LabDaemon wire contract §5.7). */
  cancel(): void {
    this.#cancelled = true
    const cut = this.#waiting?.kind === 'sleep' && this.#waiting.untilCancel
    this.resume()
    if (cut) this.#wake()
  }

  /** Closes the gate; invisible, and without effect on tasks that do not look (§5.8). */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    if (this.#waiting?.kind === 'resumed') this.#wake()
  }

  #context(): TaskContext {
    const isCancelled = () => this.#cancelled
    return {
      ...this.#host.context(this),
      get isCancelled() {
        return isCancelled()
      },
      sleep: (seconds) => ({ kind: 'sleep', seconds, untilCancel: false }),
      sleepUnlessCancelled: (seconds) => ({ kind: 'sleep', seconds, untilCancel: true }),
      resumed: () => ({ kind: 'resumed' }),
    }
  }

  #wake(): void {
    this.#cancelTimer()
    this.#waiting = undefined
    this.#step()
  }

  #step(): void {
    while (this.#running && this.#thread) {
      let next: IteratorResult<Wait, PyValue>
      try {
        next = this.#thread.next()
      } catch (thrown) {
        this.error = toPyError(thrown)
        this.#end()
        return
      }
      if (next.done === true) {
        this.result = next.value
        this.#end()
        return
      }
      if (this.#isOver(next.value)) continue
      this.#waiting = next.value
      if (next.value.kind === 'sleep')
        this.#cancelTimer = this.#host.timers.after(this.#host.ms(next.value.seconds), () => this.#wake())
      return
    }
  }

  #isOver(wait: Wait): boolean {
    return wait.kind === 'resumed' ? !this.#paused : wait.untilCancel && this.#cancelled
  }

  #end(): void {
    this.#running = false
    this.#thread = undefined
    this.#host.onEnd(this)
  }
}

/** The cancellation that some tasks raise instead of returning (§5.7). */
export function taskCancelled(message: string): PyError {
  return new PyError('TaskCancelledError', message)
}
