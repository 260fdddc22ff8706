import type { Command } from '#model/command.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import type { StopAnswer } from '#protocols/weir/api.ts'
import { refusalOf, type Refusal } from './refusal.ts'

/** What became of one task that was to be stopped; null as long as nobody has said. */
export interface Stopped {
  source: string
  id: string
  /** `had-ended`: there was nothing to stop any more. */
  outcome: 'asked' | 'accepted' | 'had-ended' | Refusal['outcome']
  /** Why it came to nothing, or may have. */
  refusal: Refusal | null
}

/** A round of stops as it goes on, for all its tasks. */
export interface StopRound {
  stopped: readonly Stopped[]
  /** Runs of batches that will not start. */
  notStarted: number
  /** Sources that have not answered yet. */
  pending: number
  /** Sources that could not be asked for what this page does not know of them. */
  unreached: readonly { source: string; refusal: Refusal }[]
}

/**
 * Asks the tasks to cancel, those of a source in one request: a browser holds few at once, and one source that does not
 * answer holds up no other.
 * @param all every unfinished task of these sources, also those that the page does not know
 * @param tell called with how it stands, from the first moment on
 */
export async function stopTasks(
  weir: WeirClient,
  sources: readonly string[],
  tasks: readonly TaskSummary[],
  all: boolean,
  tell: (round: StopRound) => void = () => undefined,
): Promise<StopRound> {
  const stopped = new Map<string, Stopped>(
    tasks.map((task) => [
      taskKey(task),
      { source: task.source, id: task.id, outcome: 'asked', refusal: null },
    ]),
  )
  let notStarted = 0
  let pending = sources.length
  const unreached: { source: string; refusal: Refusal }[] = []
  const round = (): StopRound => ({
    stopped: [...stopped.values()],
    notStarted,
    pending,
    unreached: [...unreached],
  })
  tell(round())
  await Promise.all(
    sources.map(async (source) => {
      const own = tasks.filter((task) => task.source === source).map(({ id }) => id)
      const news = await weir
        .stop(source, all ? null : own)
        .then((answer) => {
          notStarted += answer.notStarted
          return answered(source, own, answer)
        })
        .catch((error: unknown) => {
          unreached.push({ source, refusal: refusalOf(error) })
          return own.map((id) => failed(source, id, error))
        })
      for (const each of news) stopped.set(taskKey(each), each)
      pending -= 1
      tell(round())
    }),
  )
  return round()
}

function answered(source: string, ids: readonly string[], answer: StopAnswer): Stopped[] {
  const { commands, cancelling } = answer
  const told = new Set([...commands.map(({ target }) => target), ...cancelling])
  return [
    ...commands.map((command) => ofCommand(command)),
    ...cancelling.map((id): Stopped => ({ source, id, outcome: 'accepted', refusal: null })),
    ...ids
      .filter((id) => !told.has(id))
      .map((id): Stopped => ({ source, id, outcome: 'had-ended', refusal: null })),
  ]
}

function ofCommand({ source, target: id, error }: Command): Stopped {
  return { source, id, outcome: error?.outcome ?? 'accepted', refusal: error }
}

function failed(source: string, id: string, error: unknown): Stopped {
  const refusal = refusalOf(error)
  return { source, id, outcome: refusal.outcome, refusal }
}
