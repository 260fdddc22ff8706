import { createStore } from 'zustand/vanilla'

/** What "New task" begins with; "Run again" fills it. */
export interface NewTaskPrefill {
  source?: string
  type?: string
  params?: unknown
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
