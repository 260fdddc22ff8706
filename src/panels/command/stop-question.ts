import { createStore } from 'zustand/vanilla'
import { stakeOf, type Stake } from '#model/stake.ts'
import { taskKey, type TaskSummary } from '#model/task.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import { useList, useNow } from '#streams/react.tsx'
import type { Streams } from '#streams/streams.ts'
import { sendTaskCommand } from './command-store.ts'

/** A task by its name. */
export type TaskRef = Pick<TaskSummary, 'source' | 'id'>

/** What is asked before something is ended. */
export type StopQuestion =
  | { kind: 'task'; task: TaskRef }
  | {
      kind: 'many'
      tasks: readonly TaskSummary[]
      /** What else would end, in a sentence. */
      also: string | null
      stop: () => void
    }
  | { kind: 'all' }

/** The one question that is open; the shell draws it, so that a card may vanish under it. */
export const stopQuestion = createStore<{ question: StopQuestion | null }>(() => ({ question: null }))

export function askToStop(question: StopQuestion | null): void {
  stopQuestion.setState({ question })
}

/** Whether cancelling a task takes a question, as time goes by. */
export function useIsLong(task: TaskSummary): boolean {
  const now = useNow(15_000)
  return useList('sources', ({ items }) => stakeOf(task, items.get(task.source), now).long)
}

/** What cancelling a task would cost now; null for one that no list has, of which nothing is known. */
function stakeNow(streams: Streams, ref: TaskRef): Stake | null {
  const task = streams.list('tasks').store.getState().items.get(taskKey(ref))
  const source = streams.list('sources').store.getState().items.get(ref.source)
  return task ? stakeOf(task, source, streams.now()) : null
}

function isLongNow(streams: Streams, task: TaskRef): boolean {
  return stakeNow(streams, task)?.long ?? true
}

/**
 * A button that cancels a task: a short one at once, a long one after a question or a hold.
 * @param ask it asks for a short one too
 */
export function cancelPress(weir: WeirClient, streams: Streams, task: TaskRef, ask = false) {
  const cancel = () => void sendTaskCommand(weir, task, 'cancel')
  const canHold = () => ask || isLongNow(streams, task)
  return {
    canHold,
    onHold: cancel,
    onPress: () => {
      if (canHold()) askToStop({ kind: 'task', task })
      else cancel()
    },
  }
}

/** Stops at once when all are short, and asks when one is long. */
export function stopOrAsk(streams: Streams, question: StopQuestion & { kind: 'many' }): void {
  if (question.tasks.some((task) => isLongNow(streams, task))) askToStop(question)
  else question.stop()
}
