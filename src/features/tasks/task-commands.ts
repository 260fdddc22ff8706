import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Requirement } from '#model/command.ts'
import { taskKey } from '#model/task.ts'
import type { Problem } from '#protocols/weir/api.ts'
import { WeirError, type WeirClient } from '#protocols/weir/client.ts'
import type { TaskVerb } from './task-verbs.ts'

/** What became of the last command this page sent for a task, beside its control. */
export interface TaskCommandState {
  verb: TaskVerb
  /** `sent` until the source has answered; an accepted one leaves no trace here, the stream tells. */
  phase: 'sent' | 'refused'
  refusal: Refusal | null
}

/** A refusal in the server's own words. */
export interface Refusal {
  type: string
  message: string
  /** The task that holds the device, when the server named it. */
  owner: string | null
  /** What has to be there first, where the source listed it. */
  requirements?: readonly Requirement[]
}

/** Kept outside the cards: they come and go as one scrolls. */
const store = createStore<{ states: ReadonlyMap<string, TaskCommandState> }>(() => ({ states: new Map() }))

export function useTaskCommand(key: string): TaskCommandState | undefined {
  return useStore(store, (state) => state.states.get(key))
}

export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof WeirError)) return { type: 'Error', message: String(error), owner: null }
  const { problem } = error
  const { requirements } = problem
  return {
    ...(problem.source ?? {
      type: problemType(problem),
      message: problem.detail ?? problem.title,
      owner: null,
    }),
    ...(requirements ? { requirements } : {}),
  }
}

function problemType(problem: Problem): string {
  return problem.detail ? problem.title : problem.type === 'about:blank' ? 'Error' : problem.type
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
