import { createStore } from 'zustand/vanilla'
import type { RunOptions } from '#protocols/weir/api.ts'

/** What "New task" begins with; "Run again" fills it. */
export interface NewTaskPrefill {
  source?: string
  type?: string
  params?: unknown
  /** Beside the input, where the source runs apps. */
  options?: RunOptions
}

export const newTask = createStore<{ open: boolean; prefill: NewTaskPrefill }>(() => ({
  open: false,
  prefill: {},
}))

export function openNewTask(prefill: NewTaskPrefill = {}): void {
  newTask.setState({ open: true, prefill })
}

export function closeNewTask(): void {
  newTask.setState({ open: false, prefill: {} })
}
