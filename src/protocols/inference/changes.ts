import type { TaskStatus } from '#model/status.ts'

/*
 * What a task's stream and its full reads come to, whatever dialect they were in: the relay turns these into its
 * own events. Within one answer of the reader they are in this order: what the task is, what it passed through,
 * what it said, what it made, how it ended.
 */
export type TaskChange =
  | MetaChange
  | StatusChange
  | LinesChange
  | LogReplacedChange
  | ProgressChange
  | OutputChange
  | DeltaChange
  | DeltaGapChange
  | ErrorChange
  | MalformedChange
  | HeartbeatChange
  | DoneChange

/** The log types of the service, by their numbers 0 to 4; newer ones by number. */
export const LOG_CHANNELS = ['build', 'run', 'serve', 'setup', 'task'] as const
export type LogChannel = (typeof LOG_CHANNELS)[number] | `type ${number}`

/** A status was entered; one that the task has already is not repeated. */
interface StatusChange {
  k: 'status'
  status: TaskStatus
  /** ms since epoch. */
  at: number
  /** Whose clock said so: the service's (its events, `updated_at`), or ours when the line arrived. */
  clock: 'server' | 'local'
  /** As it was on the wire, for the raw view. */
  raw: unknown
}

/** Text that follows what this channel said before. It may begin and end within a line. */
export interface LinesChange {
  k: 'lines'
  channel: LogChannel
  text: string
}

/** The channel's text is another one now: this, whole. */
export interface LogReplacedChange {
  k: 'log-replaced'
  channel: LogChannel
  text: string
}

export interface ProgressChange {
  k: 'progress'
  /** 0 to 100. */
  percent: number
  step: number | null
  total: number | null
  /** `task`: a field of the task; `output`: a field the app put in its output; `log`: read off its progress bar. */
  origin: 'task' | 'output' | 'log'
}

interface OutputChange {
  k: 'output'
  /** The whole output, as parsed. Null: what was shown is void. */
  value: unknown
  /** True until the task has completed: the next one replaces it. */
  provisional: boolean
  /** Top-level fields that differ from the output before it, in their order. */
  changedFields: string[]
}

/** A piece of output before its snapshot; `TaskReader.deltas` has what they add up to. */
export interface DeltaChange {
  k: 'delta'
  delta: Readonly<Record<string, unknown>>
  seq: number | null
}

/** Deltas were sent that never arrived: they are not sent again. The next output heals what they held. */
interface DeltaGapChange {
  k: 'delta-gap'
  /** How many; null when that cannot be told. */
  missed: number | null
}

interface ErrorChange {
  k: 'error'
  message: string
  /** `task`: why the task failed or was cancelled; `stream`: the server speaks of the stream, which goes on. */
  origin: 'task' | 'stream'
}

/** What the task is. Only what was said, and differs from what was said before. */
interface MetaChange {
  k: 'meta'
  meta: Partial<TaskMeta>
}

export interface TaskMeta {
  /** `namespace/name`. */
  app: string
  appId: string
  appVersionId: string
  function: string
  input: unknown
  setup: unknown
  infra: string
  worker: string
  engine: string
  sessionId: string
  /** Seconds. */
  sessionTimeout: number
  chatId: string
  flowRunId: string
  /** ms since epoch. */
  createdAt: number
  /** When it may start, ms since epoch. */
  runAt: number
  /** All states it is known to have entered, by the service's clock. */
  timings: Timing[]
  usage: Readonly<Record<string, unknown>>[]
}

export interface Timing {
  status: TaskStatus
  /** ms since epoch. */
  at: number
}

/** A line that cannot be read. */
interface MalformedChange {
  k: 'malformed'
  /** The beginning of it. */
  raw: string
  why: string
}

interface HeartbeatChange {
  k: 'heartbeat'
}

/** Nothing more is to come. */
interface DoneChange {
  k: 'done'
  /** False when the server took leave before it sent a terminal status: the task has to be read. */
  final: boolean
}
