import type { Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import { parseExact, stringifyExact } from '#lib/exact-json.ts'
import { inBackground, report } from '#lib/isolate.ts'
import type { Author } from '#model/author.ts'
import type { Batch } from '#model/batch.ts'
import type { Command } from '#model/command.ts'
import { isTerminal } from '#model/status.ts'
import { mayRun, type TaskSummary } from '#model/task.ts'
import { BATCH } from '#topics/rows.ts'
import { justEnded, type Tasks } from './record/doors.ts'
import type { Topic } from './record/kind-table.ts'
import type { RecordObserver, TopicRecord } from './record/record.ts'
import { ownFault } from './own-fault.ts'
import type { SourceAdapter, TaskStarted } from './source-adapter.ts'
import type { StartTask } from './start-task.ts'

export interface BatchRequest {
  type: string
  name: string
  /** One task each. */
  inputs: Record<string, unknown>[]
  concurrency: number
  /** Ids of the tasks become PREFIX-1 …, where the source lets Weir choose them. */
  idPrefix: string
  /** Source-specific options, the same for all. */
  options?: Record<string, unknown>
}

export interface BatchesOptions {
  clock: Clock
  newId: () => string
  record: TopicRecord
  book: Tasks
  adapters: ReadonlyMap<string, SourceAdapter>
  startTask: StartTask
}

/** Batches kept; older ones that have ended go. */
const KEPT = 200
/** A batch has up to a thousand refusals, and goes with each change to every page. */
const LONGEST_REFUSAL = 500

interface Run {
  request: BatchRequest
  /** Number of the next input to start. */
  next: number
  starting: number
  cancelledBy: Author | null
  /** What became of the starts so far, by number of the input. */
  started: TaskStarted[]
  /** Called when every input was started or refused. */
  done: ((started: TaskStarted[]) => void) | null
}

/** Starts the tasks of batches, so many at a time, and goes on as they end; needs no open page. */
export class Batches implements RecordObserver {
  readonly #options: BatchesOptions
  readonly #runs = new Map<string, Run>()

  constructor(options: BatchesOptions) {
    this.#options = options
  }

  /** Goes on with batches that were read back. A start that was under way when Weir ended is not repeated. */
  async begin(): Promise<void> {
    const { record } = this.#options
    for (const { id, source, total, waiting } of this.all()) {
      const text = await record.text(BATCH, source, id, 'request')
      if (text === null) continue
      const request = parseExact(text) as BatchRequest
      this.#runs.set(id, {
        request,
        next: total - waiting,
        starting: 0,
        cancelledBy: null,
        started: [],
        done: null,
      })
    }
  }

  /** Starts what is left of batches that were read back, once their sources are there. */
  goOn(): void {
    for (const id of this.#runs.keys()) this.#goOn(id)
  }

  all(): Batch[] {
    return this.#options.record.all(BATCH).flatMap(({ state }) => (state ? [state as Batch] : []))
  }

  get(id: string): Batch | undefined {
    return this.all().find((batch) => batch.id === id)
  }

  /** The inputs as they were given, for a rerun or an export. */
  inputs(id: string): readonly Record<string, unknown>[] {
    return this.#runs.get(id)?.request.inputs ?? []
  }

  start(source: string, request: BatchRequest, by: Author): Batch {
    const { clock, newId } = this.#options
    const batch: Batch = {
      id: newId(),
      source,
      type: request.type,
      name: request.name,
      by,
      startedAt: clock.now(),
      total: request.inputs.length,
      concurrency: request.concurrency,
      waiting: request.inputs.length,
      taskIds: request.inputs.map(() => null),
      refused: [],
      cancelledAt: null,
    }
    this.#forgetOld()
    this.#runs.set(batch.id, { request, next: 0, starting: 0, cancelledBy: null, started: [], done: null })
    this.#enter(batch)
    this.#options.record.keepText(BATCH, source, batch.id, 'request', stringifyExact(request))
    this.#goOn(batch.id)
    return this.get(batch.id)!
  }

  /** Starts all at once and says what became of each. */
  async startAll(
    source: string,
    request: Omit<BatchRequest, 'concurrency'>,
    by: Author,
  ): Promise<{ batch: Batch; started: TaskStarted[] }> {
    const batch = this.start(source, { ...request, concurrency: request.inputs.length }, by)
    const started = await new Promise<TaskStarted[]>((resolve) => {
      this.#runs.get(batch.id)!.done = resolve
    })
    return { batch: this.get(batch.id)!, started }
  }

  /** Where a task has ended, its batch may go on. */
  entered(topic: Topic, before: unknown): void {
    const task = justEnded(topic, before)
    if (task && task.batch !== null && this.#runs.has(task.batch)) this.#goOn(task.batch)
  }

  /** Starts nothing more and asks every task that runs to cancel. */
  cancel(id: string, by: Author): Promise<Command[]> {
    const batch = this.#halt(id, by)
    const adapter = this.#options.adapters.get(batch.source)!
    // All at once: one that does not answer holds up no other.
    return Promise.all(
      this.#tasksOf(batch)
        .filter(mayRun)
        .map((task) => adapter.steerTask(task.id, 'cancel', by)),
    )
  }

  /** Starts nothing more of a source's batches; what runs goes on. Returns how many were still to be started. */
  haltAll(source: string, by: Author): number {
    let notStarted = 0
    for (const [id, run] of this.#runs) {
      const batch = this.get(id)!
      const left = batch.total - run.next
      if (batch.source !== source || batch.cancelledAt !== null || left + run.starting === 0) continue
      this.#halt(id, by)
      notStarted += left
    }
    return notStarted
  }

  #halt(id: string, by: Author): Batch {
    const run = this.#runs.get(id)
    if (run) run.cancelledBy = by
    return this.#patch(id, (before) => ({
      waiting: 0,
      cancelledAt: before.cancelledAt ?? this.#options.clock.now(),
    }))
  }

  /** A new batch of the inputs whose tasks failed, were lost or were refused. */
  rerunFailed(id: string, by: Author): Batch | null {
    const batch = this.get(id)
    const run = this.#runs.get(id)
    if (!batch || !run) return null
    const failed = run.request.inputs.filter((_, index) => {
      const taskId = batch.taskIds[index]
      if (!taskId) return batch.refused.some((refusal) => refusal.index === index)
      const status = this.#options.book.get(batch.source, taskId)?.status
      return status === 'failed' || status === 'lost'
    })
    if (failed.length === 0) return null
    const idPrefix = `${run.request.idPrefix}-r${this.#options.newId().slice(0, 4)}`
    return this.start(
      batch.source,
      { ...run.request, inputs: failed, name: `${batch.name}, again`, idPrefix },
      by,
    )
  }

  #tasksOf(batch: Batch): TaskSummary[] {
    return batch.taskIds.flatMap((taskId) => {
      const task = taskId === null ? undefined : this.#options.book.get(batch.source, taskId)
      return task ? [task] : []
    })
  }

  #goOn(id: string): void {
    const run = this.#runs.get(id)!
    const batch = this.get(id)!
    const running = this.#tasksOf(batch).filter((task) => !isTerminal(task.status)).length
    let free = batch.concurrency - running - run.starting
    while (free-- > 0 && run.next < batch.total && batch.cancelledAt === null) {
      const index = run.next++
      run.starting += 1
      const started = this.#startOne(id, run, index).catch((error: unknown) => {
        report(error)
        this.#patch(id, ({ refused }) => ({ refused: [...refused, { index, message: ownFault(error) }] }))
      })
      inBackground(
        started.finally(() => {
          run.starting -= 1
          this.#goOn(id)
        }),
      )
    }
    if (run.next === batch.total && run.starting === 0) run.done?.(run.started)
  }

  async #startOne(id: string, run: Run, index: number): Promise<void> {
    const { source, by } = this.get(id)!
    const { type, inputs, idPrefix, options } = run.request
    this.#patch(id, (before) => ({ waiting: Math.max(0, before.waiting - 1) }))
    const started = await this.#options.startTask(
      source,
      {
        id: `${idPrefix}-${index + 1}`,
        type,
        params: inputs[index]!,
        batch: id,
        isWanted: () => this.get(id)?.cancelledAt === null,
        ...(options ? { options } : {}),
      },
      by,
    )
    run.started[index] = started
    const { error } = started.command
    // Like those that never had their turn: neither begun nor refused.
    if (error?.type === 'NotWanted') return
    this.#patch(id, (before) =>
      error && error.outcome !== 'not-answered'
        ? { refused: [...before.refused, { index, message: bounded(error.message, LONGEST_REFUSAL) }] }
        : { taskIds: before.taskIds.with(index, started.id) },
    )
    // It was under way when the batch was cancelled.
    const { cancelledAt } = this.get(id)!
    const task = this.#options.book.get(source, started.id)
    if (
      cancelledAt !== null &&
      (!error || error.outcome === 'not-answered') &&
      task &&
      !isTerminal(task.status)
    )
      await this.#options.adapters.get(source)!.steerTask(started.id, 'cancel', run.cancelledBy ?? by)
  }

  #patch(id: string, change: (before: Batch) => Partial<Batch>): Batch {
    const before = this.get(id)!
    const after = { ...before, ...change(before) }
    this.#enter(after)
    return after
  }

  #enter(batch: Batch): void {
    const { source, id } = batch
    this.#options.record.append(BATCH, { source, id }, [{ k: 'is', row: batch }], false)
  }

  #forgetOld(): void {
    for (const id of this.#runs.keys()) {
      if (this.#runs.size < KEPT) return
      const batch = this.get(id)!
      if (this.#runs.get(id)!.starting > 0) continue
      if (batch.waiting > 0 || this.#tasksOf(batch).some((task) => !isTerminal(task.status))) continue
      this.#runs.delete(id)
      this.#options.record.remove(this.#options.record.topic(BATCH, batch.source, id)!)
    }
  }
}
