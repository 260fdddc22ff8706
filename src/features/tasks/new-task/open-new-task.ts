import { createStore } from 'zustand/vanilla'
import { draftBefore, isLike, keepDraft } from '#lib/drafts.ts'
import type { RunOptions } from '#protocols/weir/api.ts'

/** What "New task" begins with; "Run again" fills it. */
export interface NewTaskPrefill {
  source?: string
  type?: string
  params?: unknown
  /** Beside the input, where the source runs apps. */
  options?: RunOptions
}

export interface NewTaskState {
  open: boolean
  prefill: NewTaskPrefill
  /** Something was typed into it and not sent: it is there when it is opened again. */
  typed: boolean
  /** Counts the drafts. */
  draft: number
}

const AT_REST: NewTaskState = { open: false, prefill: {}, typed: false, draft: 0 }
const before = draftBefore('new-task')

export const newTask = createStore<NewTaskState>(() => (isLike(before, AT_REST) ? before : AT_REST))
keepDraft('new-task', () => {
  const state = newTask.getState()
  return state.typed ? state : undefined
})

/** Opens it with what was typed last, or anew where it is to begin with something else. */
export function openNewTask(prefill: NewTaskPrefill = {}): void {
  newTask.setState((before) => {
    const anew = !before.typed || Object.keys(prefill).length > 0
    return anew ? { open: true, prefill, typed: false, draft: before.draft + 1 } : { open: true }
  })
}

export function draftTyped(): void {
  newTask.setState({ typed: true })
}

/** Closes it; what was typed is kept. */
export function closeNewTask(): void {
  newTask.setState({ open: false })
}

/** Closes it for good: it was sent. */
export function endNewTask(): void {
  newTask.setState({ open: false, prefill: {}, typed: false })
}
