import { bounded } from '#lib/detached.ts'
import type { TaskStatus } from '#model/status.ts'
import { finiteOf } from './values.ts'

/*
 * One rule for the status codes of every dialect (inference.sh wire contract §7).
 */

/** Today's numbers (column C). The older and the documented ones differ from 8 on. */
const BY_NUMBER: readonly (TaskStatus | null)[] = [
  null,
  'received',
  'queued',
  'scheduled',
  'preparing',
  'serving',
  'setting_up',
  'running',
  'cancelling',
  'uploading',
  'completed',
  'failed',
  'cancelled',
]

/** The only number that two live dialects read differently. Neither meaning is final. */
const AMBIGUOUS = 8

/** Names on the wire; the service says `dispatched` for what Weir and the older pages call scheduled. */
const BY_NAME: ReadonlyMap<string, TaskStatus> = new Map<string, TaskStatus>([
  ['received', 'received'],
  ['queued', 'queued'],
  ['dispatched', 'scheduled'],
  ['scheduled', 'scheduled'],
  ['preparing', 'preparing'],
  ['serving', 'serving'],
  ['setting_up', 'setting_up'],
  ['running', 'running'],
  ['cancelling', 'cancelling'],
  ['canceling', 'cancelling'],
  ['uploading', 'uploading'],
  ['completed', 'completed'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
])

export interface StatusContext {
  /** The stream has sent `progress`, `partial_output` or logs that are strings. */
  seedDialect: boolean
  /** Somebody asked to cancel the task. */
  cancelAsked: boolean
}

const TODAY: StatusContext = { seedDialect: false, cancelAsked: false }

/**
 * The status that a wire value and its name mean; null when they mean none that is known: `unknownStatus` has the
 * word then, if there is one.
 */
export function statusOf(value: unknown, name?: unknown, context: StatusContext = TODAY): TaskStatus | null {
  return (typeof name === 'string' ? byName(name) : null) ?? byValue(value, context)
}

/** Words for no status at all. */
const NO_STATUS: ReadonlySet<string> = new Set(['', '0', 'unknown'])
const LONGEST_WORD = 64

/** The service's own word for a status that is not known here; null for one that is, and for none at all. */
export function unknownStatus(value: unknown, name?: unknown): string | null {
  if (statusOf(value, name) !== null) return null
  for (const said of [name, value]) {
    const word = typeof said === 'string' ? said.trim() : (finiteOf(said)?.toString() ?? '')
    if (!NO_STATUS.has(word.toLowerCase())) return bounded(word, LONGEST_WORD)
  }
  return null
}

function byValue(value: unknown, context: StatusContext): TaskStatus | null {
  if (typeof value === 'number') return byNumber(value, context)
  if (typeof value !== 'string') return null
  const word = value.trim()
  return /^\d{1,9}$/.test(word) ? byNumber(Number(word), context) : byName(word)
}

function byName(text: string): TaskStatus | null {
  if (text.length > 64) return null
  return (
    BY_NAME.get(
      text
        .trim()
        .toLowerCase()
        .replaceAll(/[\s-]+/g, '_'),
    ) ?? null
  )
}

function byNumber(value: number, { seedDialect, cancelAsked }: StatusContext): TaskStatus | null {
  if (value === AMBIGUOUS) return seedDialect && !cancelAsked ? 'uploading' : 'cancelling'
  return BY_NUMBER[value] ?? null
}

/** The name that the service gives a status today. */
export function statusWireName(status: TaskStatus): string {
  return status === 'scheduled' ? 'dispatched' : status
}

const FLOW_RUN_STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const
export type FlowRunStatus = (typeof FLOW_RUN_STATUSES)[number]

/** Flow runs count in a table of their own: 1 pending to 5 cancelled. */
export function flowRunStatusOf(value: unknown): FlowRunStatus | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (word === 'canceled') return 'cancelled'
  const named = FLOW_RUN_STATUSES.find((status) => status === word)
  if (named) return named
  const number = typeof word === 'string' && /^\d$/.test(word) ? Number(word) : word
  return typeof number === 'number' ? (FLOW_RUN_STATUSES[number - 1] ?? null) : null
}

export function isFlowRunOver(status: FlowRunStatus): boolean {
  return status !== 'pending' && status !== 'running'
}

export type { TaskStatus }
