import { report } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import { LabDaemonError, type LabDaemonErrorKind } from '#protocols/labdaemon/errors.ts'
import { outcomeOf } from '#protocols/labdaemon/outcome.ts'
import { resultText } from '#protocols/labdaemon/result-text.ts'
import { timeOf } from '#protocols/labdaemon/schemas.ts'
import { ownFault } from '../../../own-fault.ts'
import { SourceError } from '../../../source-adapter.ts'
import { readError } from '../command-error.ts'
import type { Lab } from '../lab.ts'
import { TextCache } from '../text-cache.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { LabTasks } from './lab-tasks.ts'
import type { Outcome } from './task-records.ts'

/** Outputs kept in characters, so that the server is asked once (LabDaemon wire contract §5.12). */
const OUTPUT_CACHE = 64 * 1024 * 1024

/** Failures that asking again does not cure, and that are no answer about the task either. */
const LASTING: ReadonlySet<LabDaemonErrorKind> = new Set(['foreign', 'framework', 'redirect', 'login'])

/** How the tasks of a LabDaemon ended, and what they returned. */
export class TaskOutcomes {
  readonly #lab: Lab
  readonly #tasks: LabTasks
  readonly #outputs = new TextCache(OUTPUT_CACHE)
  readonly #reading = new Set<string>()
  readonly #reads = new OneAtATime()

  constructor(lab: Lab, tasks: LabTasks) {
    this.#lab = lab
    this.#tasks = tasks
  }

  /** The result's JSON as the server wrote it. Throws SourceError. */
  async output(id: string): Promise<string> {
    const kept = this.#outputs.get(id)
    if (kept !== undefined) return kept
    try {
      const { text } = await this.#lab.client.task(id)
      return resultText(text, 'exception')
    } catch (error) {
      throw new SourceError(readError(error))
    }
  }

  /** Reads how a task ended, once, one task at a time; a task that is gone is lost. */
  read(id: string, started?: { type: string; params: unknown }): Promise<void> {
    if (this.#reading.has(id)) return Promise.resolve()
    this.#reading.add(id)
    return this.#reads.take('read', () => this.#readNow(id, started))
  }

  async #readNow(id: string, started?: { type: string; params: unknown }): Promise<void> {
    const { client, context, faults, sourceClock } = this.#lab
    const { records, unsureStarts } = this.#tasks
    const { clock } = context
    try {
      const { task, text } = await client.task(id)
      faults.read('task', id, null)
      if (started) records.add(id, [{ k: 'started', at: clock.now(), origin: 'command', ...started }])
      unsureStarts.found(id, task.running)
      if (task.running) {
        this.#tasks.runs(id)
        return
      }
      const known = records.get(id)
      const outcome = outcomeOf(task, text, known?.cancelAskedAt != null, reachedEnd(known))
      const stored = outcome.error ? await client.taskError(id).catch(() => null) : null
      await this.#tasks.lookAtEnd(id)
      const at = clock.now()
      const toldAt = timeOf(stored?.error.timestamp)
      const errorAt = sourceClock.toLocal(toldAt)
      const endedAt =
        errorAt === null || !known
          ? at
          : within(
              errorAt,
              Math.max(known.eventAt ?? 0, this.#tasks.ranAt(id) ?? 0, known.startedAt ?? known.firstSeenAt),
              at,
            )
      if (outcome.result.state === 'available') this.#keepOutput(id, resultText(text, 'exception'))
      this.#tasks.end(id, {
        k: 'outcome',
        at,
        status: outcome.status,
        origin: outcome.inferred ? 'inferred' : 'poll',
        ...(outcome.note ? { note: outcome.note } : {}),
        endedAt,
        // Found ended: it was over some time before it was seen.
        endedOrigin: errorAt === null && known?.status === 'unknown' ? 'inferred' : 'poll',
        result: outcome.result,
        error: outcome.error && {
          ...outcome.error,
          at: toldAt === null ? at : sourceClock.toLocalAhead(toldAt),
        },
      })
    } catch (error) {
      this.#unreadable(id, error)
    } finally {
      this.#reading.delete(id)
    }
  }

  #keepOutput(id: string, json: string): void {
    const { book, name } = this.#lab.context
    this.#outputs.set(id, json)
    book.keepOutput(name, id, json)
  }

  #unreadable(id: string, error: unknown): void {
    const { context, faults } = this.#lab
    if (!(error instanceof LabDaemonError)) {
      report(error)
      faults.read('task', id, ownFault(error))
      return
    }
    if (LASTING.has(error.kind)) faults.read('task', id, `how it ended cannot be read: ${error.message}`)
    const task = this.#tasks.records.get(id)
    if (!task || isTerminal(task.status)) return
    const at = context.clock.now()
    const outcome =
      error.status === 404
        ? lost(task, at, !this.#tasks.unsureStarts.notFound(id))
        : endedUnread(task, at, error)
    // Otherwise the server is away or busy: the next list asks again.
    if (outcome) this.#tasks.end(id, outcome)
  }
}

/** The server does not know the task. @param begun false when its start was never answered */
function lost(task: Task, at: number, begun: boolean): Outcome {
  return {
    k: 'outcome',
    at,
    status: 'lost',
    origin: 'inferred',
    note: begun
      ? 'its server restarted or forgot it before an outcome was seen'
      : 'its start was not answered, and the server does not know it',
    // When it was last known to live.
    endedAt: task.eventAt ?? task.statusAt,
    endedOrigin: 'inferred',
    result: null,
    error: null,
  }
}

/** An end of which the rest will never be readable; null where it may be. */
function endedUnread(task: Task, at: number, error: LabDaemonError): Outcome | null {
  if (error.kind === 'crashed')
    return {
      k: 'outcome',
      at,
      status: 'completed',
      origin: 'inferred',
      note: 'finished; its result cannot be read (server error 500)',
      endedAt: at,
      endedOrigin: 'poll',
      result: {
        state: 'unreadable',
        bytes: 0,
        preview: '',
        reason: 'The server fails to encode it (plain 500); NaN, NumPy arrays and bytes do that.',
      },
      error: null,
    }
  if (error.kind === 'unaddressable')
    return {
      k: 'outcome',
      at,
      status: task.cancelAskedAt === null ? 'completed' : 'cancelled',
      origin: 'inferred',
      note: 'ended; whether it failed or what it returned cannot be asked',
      endedAt: at,
      endedOrigin: task.status === 'unknown' ? 'inferred' : 'poll',
      result: { state: 'unreadable', bytes: 0, preview: '', reason: `${error.message}.` },
      error: null,
    }
  return null
}

/**
 * A time that the server's clock told: no sooner and no later than Weir's own clock allows, so that the duration
 * is Weir's to within a poll, however far apart the clocks are.
 */
function within(at: number, first: number, last: number): number {
  return Math.min(last, Math.max(first, at))
}

/** True when the last progress was at the last step (of N steps, the last is often N - 1). */
function reachedEnd(task: Task | undefined): boolean {
  const progress = task?.progress
  if (!progress) return false
  if (progress.step !== null && progress.total !== null) return progress.step >= progress.total - 1
  return (progress.percent ?? 0) >= 99
}
