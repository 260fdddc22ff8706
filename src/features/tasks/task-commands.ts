import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { taskKey } from '#model/task.ts'
import { refusalOf, type Refusal } from '#panels/command/refusal.ts'
import type { WeirClient } from '#protocols/weir/client.ts'
import type { TaskVerb } from './task-verbs.ts'

/** What became of the last command this page sent for a task, beside its control. */
export interface TaskCommandState {
  verb: TaskVerb
  /** `sent` until the source has answered; an accepted one leaves no trace here, the stream tells. */
  phase: 'sent' | 'refused'
  refusal: Refusal | null
}

/** Kept outside the cards: they come and go as one scrolls. */
const store = createStore<{ states: ReadonlyMap<string, TaskCommandState> }>(() => ({ states: new Map() }))

export function useTaskCommand(key: string): TaskCommandState | undefined {
  return useStore(store, (state) => state.states.get(key))
}

/** Sends a command; resolves with the refusal, or null when the source accepted it. */
export async function sendTaskCommand(
  weir: WeirClient,
  task: { source: string; id: string },
  verb: TaskVerb,
): Promise<Refusal | null> {
  const key = taskKey(task)
  put(key, { verb, phase: 'sent', refusal: null })
  try {
    const { command } = await weir.command(task.source, task.id, verb)
    if (!command.error) {
      put(key, null)
      return null
    }
    put(key, { verb, phase: 'refused', refusal: command.error })
    return command.error
  } catch (error) {
    const refusal = refusalOf(error)
    put(key, { verb, phase: 'refused', refusal })
    return refusal
  }
}

export function dismissRefusal(key: string): void {
  put(key, null)
}

function put(key: string, state: TaskCommandState | null): void {
  store.setState(({ states }) => {
    const next = new Map(states)
    if (state) next.set(key, state)
    else next.delete(key)
    return { states: next }
  })
}
