import { withPlainNumbers } from '#lib/exact-json.ts'
import { createRandom } from '#lib/random.ts'
import type { Cancel, Timers } from '../shared/timers.ts'
import { AppFailure, CancelRequest } from './app.ts'
import type { FileOptions, Job, Work } from './app.ts'
import type { CloudFile, FileSpec } from './cloud-file.ts'
import { contentTypeOf } from './content-type.ts'
import { hashOf, idOf } from './ids.ts'
import { Journey } from './journey.ts'
import type { Outcome } from './journey.ts'
import { withDefaults } from './schema.ts'
import type { Task } from './task.ts'
import { LOG, STATUS } from './wire.ts'
import type { JsonObject, LogType } from './wire.ts'
import { hasFiles } from './value.ts'
import type { Value } from './value.ts'

/** A worker that does not stop when asked is given this long. */
const PATIENCE_MS = 30_000

export interface RunHost {
  readonly timers: Timers
  readonly speed: number
  addFile(spec: FileSpec): CloudFile
}

export interface RunOptions {
  /** The container of this app is up already. */
  readonly isWarm: boolean
  /** The app was never run before: it has to be built. */
  readonly isFirst: boolean
  readonly workerIndex: number
  readonly engineId: string
  readonly workerId: string
  /** Runs of the session before this one. */
  readonly calls: number
  /** In the past for runs that began before anybody looked. */
  readonly startedAt: number
  /** The worker is free. */
  readonly onEnd: (now: number) => void
}

/** A task on its worker, from dispatched to its end (inference.sh wire contract §7). */
export class Run {
  readonly task: Task
  readonly #host: RunHost
  readonly #options: RunOptions
  readonly #journey: Journey<Value>
  #logTimer: Cancel | undefined
  #kill: Cancel | undefined
  #isCancelling = false
  #cancelAsked = 0

  constructor(task: Task, host: RunHost, options: RunOptions) {
    this.task = task
    this.#host = host
    this.#options = options
    this.#journey = new Journey<Value>(host.timers, host.speed, options.startedAt, (outcome, now) => {
      this.#settle(outcome, now)
    })
    this.#journey.start(this.#life())
  }

  get isOver(): boolean {
    return this.task.isOver
  }

  /** Cancelling, then cancelled when the app has let go (§7). */
  cancel(force: boolean, timeoutMs: number | undefined): void {
    const { timers, speed } = this.#host
    if (!this.#isCancelling) {
      this.#isCancelling = true
      this.#cancelAsked = timers.now()
      this.task.enter(STATUS.cancelling, timers.now())
      timers.after(150 / speed, () => {
        if (!this.task.isOver) this.#journey.interrupt(new CancelRequest())
      })
    }
    const patience = timeoutMs ?? (force ? 0 : PATIENCE_MS)
    this.#kill?.()
    this.#kill = timers.after(Math.max(200, patience) / speed, () => {
      if (this.task.isOver) return
      this.#journey.abandon()
      this.#log('killed: it did not stop when asked\n', LOG.run)
      this.#finish((now) => this.task.cancelled(now), timers.now())
    })
  }

  /** Its worker is gone: nothing more happens here. */
  abandon(): void {
    this.#journey.abandon()
    this.#logTimer?.()
    this.#kill?.()
  }

  *#life(): Work {
    const { task } = this
    const { app } = task.request
    const { isWarm, isFirst, engineId, workerId, workerIndex } = this.#options
    const now = () => this.#now
    task.dispatch({ engineId, workerId }, now())
    yield 120
    task.enter(STATUS.preparing, now())
    this.#log(`assigned to worker ${workerIndex} of engine weir-gpu-1\n`, LOG.run)
    if (isFirst && app.build)
      for (const line of app.build) {
        yield 350
        this.#log(`${line}\n`, LOG.build)
      }
    yield isWarm ? 150 : 800
    if (!isWarm && app.container !== undefined) yield* this.#startContainer(app.container)
    task.enter(STATUS.running, now())
    const output = yield* app.work(this.#job())
    if (this.#isCancelling) throw new CancelRequest()
    this.#showLogs()
    if (hasFiles(output)) {
      task.enter(STATUS.uploading, now())
      yield 660
    }
    return output
  }

  *#startContainer(size: string): Generator<number, void> {
    const { app } = this.task.request
    this.task.enter(STATUS.serving, this.#now)
    this.#log(`starting container weirdemo/${app.name} (${size})\n`, LOG.serve)
    yield 1_700
    this.#log('ready after 1.7 s\n', LOG.serve)
    this.task.enter(STATUS.setting_up, this.#now)
    for (const line of app.warmUp ?? ['nothing to load']) {
      yield 600
      this.#log(`${line}\n`, LOG.setup)
    }
    yield 300
  }

  get #now(): number {
    return Math.round(this.#journey.now)
  }

  #job(): Job {
    const { task } = this
    const { app, fn, input, setup } = task.request
    const schema = app.functions?.[fn]?.input ?? app.input
    const files = new Map<string, CloudFile>()
    return {
      input: withDefaults(schema, withPlainNumbers(input)),
      setup: withDefaults(app.setup, withPlainNumbers(setup ?? {})),
      fn,
      random: createRandom(hashOf(`${app.name} ${JSON.stringify(input)}`)),
      taskId: task.id,
      calls: this.#options.calls,
      now: () => this.#now,
      log: (text, type = LOG.task) => this.#log(text, type),
      output: (value) => task.yield(value, this.#now),
      delta: (delta: JsonObject) => task.delta(delta),
      file: (render, options) => {
        const key = options.key ?? `${files.size}`
        const known = files.get(key)
        if (known) return known
        const file = this.#addFile(render, options, key)
        files.set(key, file)
        return file
      },
    }
  }

  #addFile(render: () => Uint8Array<ArrayBuffer>, options: FileOptions, key: string): CloudFile {
    const { filename, size, missing } = options
    const extension = filename.split('.').at(-1) ?? 'bin'
    return this.#host.addFile({
      path: `t/${this.task.id.slice(0, 8)}/${idOf(`${this.task.id}/${key}`, 8)}.${extension}`,
      filename,
      contentType: options.contentType ?? contentTypeOf(filename),
      render,
      ...(size === undefined ? {} : { size }),
      ...(missing === undefined ? {} : { missing }),
    })
  }

  /** The text is in the log at once; who streams hears of it a little later, the later the longer it is. */
  #log(text: string, type: LogType): void {
    this.task.log(type, text, this.#now)
    const isPast = this.#journey.now < this.#host.timers.now() - 1_000
    if (isPast || this.#logTimer) return
    const wait = Math.min(1_500, 120 + this.task.logs.length / 4_000)
    this.#logTimer = this.#host.timers.after(wait / this.#host.speed, () => {
      this.#logTimer = undefined
      this.task.showLogs(this.#host.timers.now())
    })
  }

  #showLogs(): void {
    if (!this.#logTimer) return
    this.#logTimer()
    this.#logTimer = undefined
    this.task.showLogs(this.#now)
  }

  #settle(outcome: Outcome<Value>, now: number): void {
    if (outcome.kind === 'returned') {
      this.#finish((at) => this.task.complete(outcome.value, at), now)
      return
    }
    const { error } = outcome
    if (error instanceof CancelRequest || this.#isCancelling) {
      // A worker takes a moment to be free again, and nobody sees 8 for less than that.
      const left = Math.max(0, this.#cancelAsked + 800 / this.#host.speed - now)
      this.#host.timers.after(left, () => {
        if (!this.task.isOver) this.#finish((at) => this.task.cancelled(at), this.#host.timers.now())
      })
      return
    }
    if (error instanceof AppFailure) {
      if (error.traceback !== '') this.#log(error.traceback, LOG.task)
      this.#finish((at) => this.task.fail(error.message, at), now)
      return
    }
    const message = error instanceof Error ? error.message : String(error)
    this.#finish((at) => this.task.fail(`internal error: ${message}`, at), now)
  }

  #finish(end: (now: number) => void, now: number): void {
    this.#showLogs()
    this.#kill?.()
    end(now)
    this.#options.onEnd(now)
  }
}
