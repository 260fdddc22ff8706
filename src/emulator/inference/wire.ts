/** Task statuses as numbers of today (inference.sh wire contract §7, column C). */
export const STATUS = {
  received: 1,
  queued: 2,
  dispatched: 3,
  preparing: 4,
  serving: 5,
  setting_up: 6,
  running: 7,
  cancelling: 8,
  uploading: 9,
  completed: 10,
  failed: 11,
  cancelled: 12,
} as const

export type StatusName = keyof typeof STATUS
export type Status = (typeof STATUS)[StatusName]

const NAMES = new Map<number, StatusName>(
  (Object.entries(STATUS) as [StatusName, Status][]).map(([name, status]) => [status, name]),
)

export function statusName(status: Status): StatusName {
  return NAMES.get(status) ?? 'received'
}

export function isFinal(status: Status): boolean {
  return status >= STATUS.completed
}

/** Kinds of log (§8). */
export const LOG = { build: 0, run: 1, serve: 2, setup: 3, task: 4 } as const
export type LogType = (typeof LOG)[keyof typeof LOG]

/** What JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [key: string]: Json | undefined
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export interface TaskEvent {
  readonly id: string
  readonly created_at: string
  readonly event_time: string
  readonly task_id: string
  readonly status: Status
}

export interface TaskLog {
  readonly id: string
  readonly created_at: string
  readonly updated_at: string
  readonly task_id: string
  readonly log_type: LogType
  readonly content: string
}

/** Something to tell the caller beside the data (§2, envelope 3). */
export interface Notice {
  readonly level: 'info' | 'warning' | 'error'
  readonly code: string
  readonly message: string
  readonly meta?: JsonObject
}

/** A thing that an app needs and the workspace does not have (§2, status 412). */
export interface Requirement {
  readonly type: 'secret' | 'integration' | 'scope'
  readonly key: string
  readonly message: string
  readonly action: JsonObject
}

/** `2026-10-02T09:14:03.120Z` (§1). */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString()
}

/** As Go prints a duration: `610ms`, `8.41s`, `1m2.5s` (§5, timings). */
export function goDuration(ms: number): string {
  if (ms < 1_000) return `${ms}ms`
  const hours = Math.floor(ms / 3_600_000)
  const minutes = Math.floor(ms / 60_000) % 60
  const seconds = `${(ms % 60_000) / 1_000}s`
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}
