import { callAll } from './isolate.ts'

const listeners = new Set<() => void>()
let isAnswering = true

/** Whether the server answers, as far as the page knows; it is told so by its connection. */
export function getAnswering(): boolean {
  return isAnswering
}

export function setAnswering(answers: boolean): void {
  if (answers === isAnswering) return
  isAnswering = answers
  callAll(listeners)
}

/** Calls back at every change. */
export function subscribeAnswering(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
