import { useQuery } from '@tanstack/react-query'
import { useShallow } from 'zustand/react/shallow'
import { formatClock } from '#lib/format-time.ts'
import type { Source } from '#model/source.ts'
import { WeirError } from '#protocols/weir/client.ts'
import { useList } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'

/** What is known of a task that the relay has no record of. */
export interface AbsentTask {
  /** `none`: the source says that it has none; `unknown`: nobody could ask it; `asking`: it is being asked. */
  what: 'asking' | 'none' | 'unknown' | 'no-source'
  /** The same in a sentence. */
  words: string
}

/** Asks the source for a task that the relay does not have, again whenever the source answers anew. */
export function useAbsentTask(source: string, id: string): AbsentTask {
  const weir = useWeir()
  const facts = useList(
    'sources',
    useShallow((list) => {
      const of = list.items.get(source)
      return {
        ready: list.ready,
        state: of?.state,
        since: of?.since ?? null,
        reached: of?.tasksReadAt != null,
      }
    }),
  )
  const query = useQuery({
    queryKey: ['absent-task', source, id, facts.state === 'ok'],
    queryFn: () => weir.task(source, id).then(() => null),
    enabled: facts.state !== undefined,
    retry: false,
    staleTime: Infinity,
  })
  if (facts.ready && facts.state === undefined)
    return { what: 'no-source', words: `No source is called ${source.slice(0, 300)} here.` }
  if (query.error instanceof WeirError && query.error.problem.type === 'no-such-task') {
    const said = query.error.problem.detail
    return {
      what: 'none',
      words: `${source} has no such task${said ? ` (“${said}”)` : ''}, and Weir remembers none. It appears here by itself when it starts.`,
    }
  }
  if (query.error || (facts.state !== undefined && facts.state !== 'ok' && facts.state !== 'connecting'))
    return { what: 'unknown', words: notKnown(source, facts, query.error) }
  return { what: 'asking', words: `Asking ${source} for it…` }
}

/** Why nobody knows whether a source has something. */
export function notKnown(
  source: string,
  { reached, state, since }: { reached: boolean; state: Source['state'] | undefined; since: number | null },
  error: Error | null = null,
): string {
  const away = state !== undefined && state !== 'ok'
  const from = away && since !== null ? ` (since ${formatClock(since)})` : ''
  const why = !reached
    ? `${source} was not reached yet${from}`
    : away
      ? `${source} does not answer${from}`
      : (error?.message ?? `${source} was not asked yet`)
  return `Not known: ${why}. It appears here by itself when it is.`
}
