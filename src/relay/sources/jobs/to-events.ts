import { detached } from '#lib/detached.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import { isTerminal } from '#model/status.ts'
import { hasEnded, type ResultInfo, type Task } from '#model/task.ts'
import type { OutcomeEvent, TaskEvent } from '#model/task-events.ts'
import type { Job } from './mapping.ts'

const PREVIEW_CHARS = 4_000
/** Two readings of a server's clock may be apart by this, ms. */
const APART_MS = 1_000

/** Turns a moment of the server into one of Weir's; null for none. */
export type ToLocal = (told: number | null) => number | null

/**
 * What a job of the list says that is news (contract §3).
 * @param task what is known of it; undefined for a new one
 * @param before what the list before said of it
 * @param hasLog its lines come from elsewhere; else its messages are its log
 */
export function jobEvents(
  task: Task | undefined,
  before: Job | undefined,
  job: Job,
  at: number,
  toLocal: ToLocal,
  hasLog = false,
): TaskEvent[] {
  const { status, type, word } = job
  const ends = isTerminal(status)
  // Its id was used again, once what ended runs.
  const isNew = task === undefined || (hasEnded(task) && !ends)
  if (!isNew && hasEnded(task)) return []
  const events: TaskEvent[] = []
  if (isNew) events.push({ k: 'started', at, origin: 'poll', type, status: null })
  else if (type !== null && type !== task.type) events.push({ k: 'meta', at, meta: {}, type })
  const known = isNew ? undefined : task
  const startedAt = toLocal(job.startedAt)
  if (startedAt !== null && Math.abs(startedAt - (known?.startedAt ?? 0)) > APART_MS)
    events.push({ k: 'meta', at, meta: {}, startedAt })
  if (!ends && isNews(known, job))
    events.push({
      k: 'status',
      at,
      status,
      origin: 'poll',
      ...(status === 'unknown' ? { note: noteOf(word) } : {}),
    })
  if (hasMoved(isNew ? undefined : before, job))
    events.push({
      k: 'progress',
      at,
      ...(job.progress ?? { step: null, total: null, percent: null }),
      message: job.message,
      whole: true,
      ...(hasLog ? { logApart: true } : {}),
    })
  if (ends) events.push(outcomeOf(job, known === undefined, at, toLocal))
  return events
}

/** A job that the list has no more: one that had ended is forgotten, another is lost (contract §4). */
export function goneEvents(task: Task, at: number): TaskEvent[] {
  if (isTerminal(task.status)) return [{ k: 'forgotten', at }]
  const wasAsked = task.cancelAskedAt !== null
  return [
    {
      k: 'outcome',
      at,
      status: wasAsked ? 'cancelled' : 'lost',
      origin: 'inferred',
      note: wasAsked
        ? 'inferred: it left the list after cancel was asked'
        : 'its server lists it no more, and how it ended was not seen',
      // When it was last known to live.
      endedAt: task.eventAt ?? task.statusAt,
      endedOrigin: 'inferred',
      result: null,
      error: null,
    },
  ]
}

function isNews(task: Task | undefined, { status, word }: Job): boolean {
  if (task === undefined || task.status === 'lost') return true
  // A cancel was asked for: until it has an effect, the server goes on saying what it said.
  if (task.status === 'cancelling' && task.statusOrigin === 'command') return false
  return task.status !== status || (status === 'unknown' && task.statusNote !== noteOf(word))
}

function noteOf(word: string | null): string {
  return word === null ? 'its server tells no state' : `its server says “${word}”`
}

function hasMoved(before: Job | undefined, { progress, message }: Job): boolean {
  if (before === undefined) return progress !== null || message !== null
  const { step, total, percent } = progress ?? {}
  const { step: step0, total: total0, percent: percent0 } = before.progress ?? {}
  return step !== step0 || total !== total0 || percent !== percent0 || message !== before.message
}

function outcomeOf(job: Job, isFound: boolean, at: number, toLocal: ToLocal): OutcomeEvent {
  const endedAt = toLocal(job.endedAt)
  return {
    k: 'outcome',
    at,
    status: job.status,
    origin: 'poll',
    endedAt: endedAt ?? at,
    // Found ended: it was over some time before it was seen.
    endedOrigin: endedAt === null && isFound ? 'inferred' : 'poll',
    result: resultOf(job.result),
    error: job.status === 'completed' ? null : job.error,
  }
}

function resultOf(result: unknown): ResultInfo {
  if (result === null) return { state: 'none', bytes: 0, preview: '', reason: null }
  const json = stringifyExact(result)
  return {
    state: 'available',
    bytes: json.length,
    preview: detached(json.slice(0, PREVIEW_CHARS)),
    reason: null,
  }
}
