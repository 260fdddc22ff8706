import { formatCount } from '#lib/format.ts'
import { useStore } from 'zustand'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { isTerminal, type TaskStatus } from '#model/status.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import { useList } from '#streams/react.tsx'
import { toast } from '#ui/toast.tsx'
import { TaskLink } from '#panels/task/task-link.tsx'
import { OUTCOME_WORDS } from './refusal.ts'
import { stopTasks, type Stopped, type StopRound } from './stop-tasks.ts'

/** Stops every unfinished task of these sources, and says what that has reached, as it goes on. */
export function reportStop(
  weir: WeirClient,
  sources: readonly string[],
  tasks: readonly TaskSummary[],
): void {
  const store = createStore<StopRound>(() => ({ stopped: [], notStarted: 0, pending: 0, unreached: [] }))
  void stopTasks(weir, sources, tasks, true, (round) => {
    store.setState(round)
  })
  toast({ tone: 'plain', stays: true, tall: true, text: <StopReport round={store} /> })
}

export type ReachedCounts = Record<
  'cancelled' | 'ended' | 'cancelling' | 'waiting' | 'refused' | 'not-answered' | 'not-sent',
  number
>

/** Where a stop has come: what the source says of a task counts more than what became of the command. */
export function reached(
  stopped: readonly Stopped[],
  statusOf: (key: string) => TaskStatus | undefined,
): { counts: ReachedCounts; unmet: Stopped[] } {
  const counts: ReachedCounts = {
    cancelled: 0,
    ended: 0,
    cancelling: 0,
    waiting: 0,
    refused: 0,
    'not-answered': 0,
    'not-sent': 0,
  }
  const unmet: Stopped[] = []
  for (const each of stopped) {
    const status = statusOf(taskKey(each))
    if (status === 'cancelled') counts.cancelled += 1
    else if (status !== 'lost' && status !== undefined && isTerminal(status)) counts.ended += 1
    else if (each.outcome === 'asked') counts.waiting += 1
    else if (each.outcome === 'accepted') counts.cancelling += 1
    else if (each.outcome === 'had-ended') counts.ended += 1
    else {
      counts[each.outcome] += 1
      unmet.push(each)
    }
  }
  return { counts, unmet }
}

/** "3 cancelled, 2 being cancelled, 1 refused". */
export function reachedWords(counts: ReachedCounts): string {
  const parts: [number, string][] = [
    [counts.cancelled, 'cancelled'],
    [counts.ended, 'ended by themselves'],
    [counts.cancelling, 'being cancelled'],
    [counts.waiting, 'waiting for an answer'],
    [counts.refused, 'refused'],
    [counts['not-answered'], 'not answered: may have been cancelled'],
    [counts['not-sent'], 'not sent'],
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${formatCount(count)} ${word}`)
    .join(', ')
}

function StopReport(props: { round: StoreApi<StopRound> }) {
  const { stopped, notStarted, pending, unreached } = useStore(props.round)
  // As one text, so that it is drawn when something has changed.
  const statuses = useList('tasks', ({ items }) =>
    stopped.map((each) => items.get(taskKey(each))?.status ?? '').join(' '),
  ).split(' ')
  const byKey = new Map(stopped.map((each, i) => [taskKey(each), (statuses[i] || undefined) as TaskStatus]))
  const { counts, unmet } = reached(stopped, (key) => byKey.get(key))
  // What of them is not known task by task.
  const silent = unreached.filter(({ source }) => !unmet.some((each) => each.source === source))
  const words =
    reachedWords(counts) || (pending > 0 ? 'asking' : silent.length > 0 ? '' : 'nothing was unfinished')
  return (
    <div className="grid gap-1">
      <p>
        <b className="font-medium">Stop all</b>
        {words && `: ${words}`}. {notStarted > 0 && `${formatCount(notStarted)} of batches do not start. `}
        Device streams go on.
      </p>
      {unmet.length + silent.length > 0 && (
        <ul
          role="list"
          aria-label="Not reached"
          // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
          tabIndex={0}
          className="grid max-h-48 gap-1 overflow-y-auto text-sm"
        >
          {silent.map(({ source, refusal }) => (
            <li key={source} className="said">
              <b className="font-medium">{source}</b> {OUTCOME_WORDS[refusal.outcome]}:{' '}
              {refusal.message.slice(0, 300)}
            </li>
          ))}
          {unmet.map(({ source, id, refusal }) => (
            <li key={`${source}/${id}`} className="said">
              <TaskLink source={source} id={id}>
                {id}
              </TaskLink>{' '}
              {refusal && `${OUTCOME_WORDS[refusal.outcome]}: ${refusal.message.slice(0, 300)}`}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
