import { isSourceStale, type Source } from '#model/source.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'

/** Whether what is shown of a task may no longer be so. */
export interface Freshness {
  stale: boolean
  /** When it was last known to be in this state, ms since epoch. */
  seenAt: number | null
  /** Why, in words; empty while fresh. */
  why: string
}

const FRESH: Freshness = { stale: false, seenAt: null, why: '' }

type SourceFacts = Pick<Source, 'name' | 'state' | 'detail' | 'tasksReadAt'>

/**
 * A state that ended stays true; any other is only as good as the last word of its source, and that only as
 * good as the page's own connection.
 */
export function freshnessOf(
  task: Pick<TaskSummary, 'status' | 'stream' | 'eventAt' | 'statusAt' | 'firstSeenAt'>,
  source: SourceFacts | undefined,
  relayLost: boolean,
): Freshness {
  if (isTerminal(task.status)) return FRESH
  if (relayLost) return { stale: true, seenAt: lastSign(task, source), why: 'this page has lost Weir' }
  if (source && isSourceStale(source))
    return { stale: true, seenAt: lastSign(task, source), why: `${source.name}: ${source.detail}` }
  if (task.stream.name === 'stalled')
    return { stale: true, seenAt: lastSign(task, source), why: task.stream.reason }
  return FRESH
}

function lastSign(
  task: Pick<TaskSummary, 'eventAt' | 'statusAt' | 'firstSeenAt'>,
  source: SourceFacts | undefined,
): number {
  return Math.max(task.eventAt ?? 0, source?.tasksReadAt ?? 0, task.statusAt, task.firstSeenAt)
}
