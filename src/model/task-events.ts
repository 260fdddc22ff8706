import type { Command } from './command.ts'
import type { Gap } from './gap.ts'
import type { LogLineKind } from './log-buffer.ts'
import type { Origin } from './origin.ts'
import type { TaskStatus } from './status.ts'
import type { StreamState } from './stream-state.ts'
import type { OutputInfo, OutputPreview, ResultInfo, TaskError } from './task.ts'

/** Changes of one task, in the order the relay learnt of them. `at` is when, in ms since epoch. */
export type TaskEvent =
  | StartedEvent
  | StatusEvent
  | ProgressEvent
  | LinesEvent
  | GapEvent
  | StreamEvent
  | CommandEvent
  | OutputEvent
  | MetaEvent
  | LimitMissedEvent
  | OutcomeEvent
  | ForgottenEvent

/** The task exists. A second one for an ended task means that its id was used again: the record starts anew. */
export interface StartedEvent {
  k: 'started'
  at: number
  origin: Origin
  /** Running unless said; null when it was found ended: how is said by the outcome that follows. */
  status?: TaskStatus | null
  type: string | null
  params?: unknown
  batch?: string
  deviceIds?: string[]
}

/** A status that does not end the task. It takes back an end that was only inferred. */
export interface StatusEvent {
  k: 'status'
  at: number
  status: TaskStatus
  origin: Origin
  note?: string
}

/** Progress as sent; `null` where the payload did not say. */
export interface ProgressEvent {
  k: 'progress'
  at: number
  step: number | null
  total: number | null
  percent: number | null
  message: string | null
  /** It says all there is: a step or total that it leaves out is not known any more. */
  whole?: true
  /** Read off a progress bar in its log. */
  fromLog?: true
  /** The log is told beside: the message is no line of it. */
  logApart?: true
}

/** Log lines; a text that begins with `\r` replaces the line before it. */
export interface LinesEvent {
  k: 'lines'
  at: number
  kind: LogLineKind
  texts: string[]
}

interface GapEvent extends Gap {
  k: 'gap'
}

interface StreamEvent {
  k: 'stream'
  at: number
  state: StreamState
}

/** A command was sent, or what is known of it has changed (same id). */
interface CommandEvent {
  k: 'command'
  at: number
  command: Command
  /** What was set, when the command set a parameter and was accepted. */
  setting?: { key: string; value: unknown }
}

/** An output has come, or changed; it replaces the one before. */
export interface OutputEvent {
  k: 'output'
  at: number
  output: OutputInfo
  preview: OutputPreview | null
}

/** What the source says about the task beside its state; only what changed. */
interface MetaEvent {
  k: 'meta'
  at: number
  meta: Record<string, unknown>
  type?: string
  params?: unknown
  /** When it was created by the source's clock, ms since epoch. */
  startedAt?: number
}

/** A time limit passed while Weir was away, and nothing was done about it; or (null) it is settled. */
interface LimitMissedEvent {
  k: 'limit-missed'
  at: number
  /** When it passed, ms since epoch. */
  limitAt: number | null
}

/** The end, from a full read of the task or (lost) from its absence. */
export interface OutcomeEvent {
  k: 'outcome'
  at: number
  status: TaskStatus
  origin: Origin
  note?: string
  endedAt: number
  endedOrigin: Origin
  result: ResultInfo | null
  error: TaskError | null
}

/** The source no longer lists the (ended) task. */
interface ForgottenEvent {
  k: 'forgotten'
  at: number
}
