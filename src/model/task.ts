import type { Command } from './command.ts'
import type { Gap } from './gap.ts'
import type { Origin } from './origin.ts'
import type { Pace } from './pace.ts'
import { isTerminal, type TaskStatus } from './status.ts'
import { NO_STREAM, type StreamState } from './stream-state.ts'

/** Progress as the task itself reports it. */
interface Progress {
  /** 0 to 100; below 100 until the task has completed. Null while it cannot be told. */
  percent: number | null
  step: number | null
  total: number | null
  /** ms since epoch. */
  at: number
  /** Read off a progress bar in its log rather than stated. */
  fromLog?: true
}

/** One stretch of the status timeline; it lasts until the next one begins. */
export interface Phase {
  status: TaskStatus
  /** ms since epoch. */
  at: number
  origin: Origin
  note: string | null
}

/** Characters of a traceback that are kept. */
export const LONGEST_TRACEBACK = 100_000

export interface TaskError {
  type: string
  message: string
  /** Who raised it, in the source's words ("framework", "device"). */
  origin: string | null
  /** ms since epoch; null when the source does not say. */
  at: number | null
  traceback: string | null
}

/** What is known of the result; its body is read on demand (`/output`). */
export interface ResultInfo {
  state: 'none' | 'available' | 'unreadable'
  /** Size of the JSON in bytes, when available. */
  bytes: number
  /** The whole JSON when it is short, else its beginning. */
  preview: string
  /** Why it cannot be read. */
  reason: string | null
}

/** The newest output, final or not. */
export interface OutputInfo {
  /** Counts from 1. */
  revision: number
  /** The oldest that the relay keeps: those from it on can be read. */
  oldest: number
  /** ms since epoch. */
  at: number
  /** More may replace it. */
  provisional: boolean
  bytes: number
  /** The whole JSON; null when it is large and read on demand. */
  json: string | null
  /** Top-level fields that differ from the output before. */
  changed: string[]
}

/** The part of an output that a card can show. */
export interface OutputPreview {
  kind: 'image' | 'video' | 'audio' | 'text' | 'file'
  /** For media: where it is. */
  url: string | null
  /** For text: its end. For a file: its name. */
  text: string | null
  provisional: boolean
}

/** A parameter set while the task ran. */
export interface Setting {
  key: string
  value: unknown
  /** ms since epoch. */
  at: number
}

/** What a task's page shows beyond its card. */
export interface TaskDetail {
  /** Parameters it was started with; undefined when Weir did not start it. */
  params: unknown
  settings: Setting[]
  /** The newest gaps; `gapCount` counts all. */
  gaps: Gap[]
  /** Commands for this task, oldest first. */
  commands: Command[]
  /** Devices the source said it holds. */
  deviceIds: string[]
  output: OutputInfo | null
  /** What the source says beside: app, worker, session, usage … by the source's own names. */
  meta: Record<string, unknown>
}

/** A task as it stands in lists: small, whatever the task did. Times are ms since epoch. */
export interface TaskSummary {
  source: string
  /** Of what kind its source is. */
  kind: string
  id: string
  type: string | null
  status: TaskStatus
  statusOrigin: Origin
  /** Since when it has this status. */
  statusAt: number
  /** Beside the status: "requested", "ended after cancel was asked". */
  statusNote: string | null
  phases: Phase[]
  firstSeenAt: number
  startedAt: number | null
  startedOrigin: Origin | null
  endedAt: number | null
  /** `inferred`: it had ended before it was first seen, some time before `endedAt`. */
  endedOrigin: Origin | null
  /** When its stream last brought something of the task itself. */
  eventAt: number | null
  progress: Progress | null
  message: string | null
  pace: Pace | null
  /** Events received from its stream. */
  events: number
  stepsMissed: number
  gapCount: number
  stream: StreamState
  log: { first: number; total: number }
  cancelAskedAt: number | null
  pauseAskedAt: number | null
  /** A time limit that passed while Weir was away, too long before to act on: when. A person decides. */
  limitMissedAt: number | null
  preview: OutputPreview | null
  result: ResultInfo | null
  error: TaskError | null
  /** False once the source has forgotten it; Weir keeps it. */
  onServer: boolean
  /** Tasks started together share this; null for one started alone. */
  batch: string | null
}

export interface Task extends TaskSummary {
  detail: TaskDetail
}

/**
 * True once its source has said that it ended. An end that Weir only inferred (it was not to be found, say) may be
 * wrong: it refuses nobody a command, and is left as soon as the source says otherwise.
 */
export function hasEnded(task: Pick<TaskSummary, 'status' | 'statusOrigin'>): boolean {
  return isTerminal(task.status) && task.statusOrigin !== 'inferred'
}

/** True for a task that is not known to have ended: one that was lost may go on somewhere. */
export function mayRun(task: Pick<TaskSummary, 'status'>): boolean {
  return !isTerminal(task.status) || task.status === 'lost'
}

/** Beside "cancelling": nobody has said that it was heard. */
export const NOT_ANSWERED = 'not answered'

/** True while a cancel is under way that may have been heard: to ask once more would change nothing. */
export function isBeingCancelled(task: Pick<TaskSummary, 'status' | 'statusNote'>): boolean {
  return task.status === 'cancelling' && task.statusNote !== NOT_ANSWERED
}

/** The name of a task across sources: `lab/sweep-1`. */
export function taskKey(task: Pick<TaskSummary, 'source' | 'id'>): string {
  return `${task.source}/${task.id}`
}

/** Where nothing is known of a task beyond its card. */
export function noDetail(): TaskDetail {
  return {
    params: undefined,
    settings: [],
    gaps: [],
    commands: [],
    deviceIds: [],
    output: null,
    meta: {},
  }
}

/** A task of which nothing but its name is known. */
export function unknownTask(source: string, kind: string, id: string, at: number): Task {
  return {
    source,
    kind,
    id,
    type: null,
    status: 'unknown',
    statusOrigin: 'inferred',
    statusAt: at,
    statusNote: null,
    phases: [],
    firstSeenAt: at,
    startedAt: null,
    startedOrigin: null,
    endedAt: null,
    endedOrigin: null,
    eventAt: null,
    progress: null,
    message: null,
    pace: null,
    events: 0,
    stepsMissed: 0,
    gapCount: 0,
    stream: NO_STREAM,
    log: { first: 0, total: 0 },
    cancelAskedAt: null,
    pauseAskedAt: null,
    limitMissedAt: null,
    preview: null,
    result: null,
    error: null,
    onServer: true,
    batch: null,
    detail: noDetail(),
  }
}

/** The part of a task that lists carry. */
export function summaryOf(task: Task): TaskSummary {
  const { detail: _, ...summary } = task
  return summary
}
