import { isSourceStale, type Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { livenessOf, type Liveness, type RelayState } from '#streams/relay-state.ts'
import type { Streams } from '#streams/streams.ts'

/** Whether what is shown may no longer be so: of a task, a device or a whole source. */
export interface Freshness {
  stale: boolean
  /** When it was last known to be so, ms since epoch; null while fresh, or when that is not known. */
  seenAt: number | null
  /** Why, in words; empty while fresh. */
  why: string
}

/** What the page knows of its own connection. */
export interface RelayView {
  liveness: Liveness
  /** Up to when it knows anything, ms since epoch; null while it is live. */
  asOf: number | null
}

export const FRESH: Freshness = { stale: false, seenAt: null, why: '' }
export const LIVE_RELAY: RelayView = { liveness: 'live', asOf: null }

type SourceFacts = Pick<Source, 'name' | 'state' | 'detail' | 'tasksReadAt' | 'quietSince'>
type TaskFacts = Pick<TaskSummary, 'status' | 'stream' | 'eventAt' | 'statusAt' | 'firstSeenAt'>

export function relayView(state: Pick<RelayState, 'name' | 'asOf'>): RelayView {
  return { liveness: livenessOf(state), asOf: state.asOf }
}

/** Why nothing that a page shows can be claimed now; null while it can. */
export function relayWhy({ liveness }: RelayView): string | null {
  if (liveness === 'live') return null
  return liveness === 'stalled' ? 'no word from Weir' : 'this page has lost Weir'
}

/**
 * A state that ended stays true; any other is only as good as the last word of its source, and that only as
 * good as the page's own connection.
 */
export function freshnessOf(task: TaskFacts, source: SourceFacts | undefined, relay: RelayView): Freshness {
  if (isTerminal(task.status)) return FRESH
  if (source && isSourceStale(source))
    return { stale: true, seenAt: lastSign(task, source), why: `${source.name}: ${source.detail}` }
  if (task.stream.name === 'stalled')
    return { stale: true, seenAt: lastSign(task, source), why: task.stream.reason }
  const why = relayWhy(relay)
  if (why === null) return FRESH
  // Up to then the relay lived, and would have told of anything else.
  return { stale: true, seenAt: Math.max(lastSign(task, source), relay.asOf ?? 0), why }
}

/** True where the status itself is a guess: it may have changed unseen, or was never known. */
export function isUnsure({ status }: Pick<TaskSummary, 'status'>, fresh: Freshness): boolean {
  return fresh.stale || status === 'unknown' || status === 'lost'
}

/** As `freshnessOf` with all that the page knows now: for what is counted outside React. */
export function freshnessNow(streams: Streams): (task: TaskFacts & { source: string }) => Freshness {
  const relay = relayView(streams.connection.getState())
  const { items } = streams.list('sources').store.getState()
  return (task) => freshnessOf(task, items.get(task.source), relay)
}

/** Calls back when what `freshnessNow` says may have changed. */
export function onFreshness(streams: Streams, listener: () => void): () => void {
  const undo = [streams.connection.subscribe(listener), streams.list('sources').store.subscribe(listener)]
  return () => {
    for (const each of undo) each()
  }
}

function lastSign(task: TaskFacts, source: SourceFacts | undefined): number {
  const ofSource = Math.max(source?.tasksReadAt ?? 0, source?.quietSince ?? 0)
  return Math.max(task.eventAt ?? 0, ofSource, task.statusAt, task.firstSeenAt)
}
