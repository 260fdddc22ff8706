import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { dismissSaid, type CommandTarget } from '#panels/command/command-store.ts'

/** Commands that are remembered as no longer waited for. */
const KEPT = 200

/** Commands of the ledger that nobody waits for any more on this page. */
const left = createStore<{ commands: ReadonlySet<string> }>(() => ({ commands: new Set() }))

/** Whether this page has stopped waiting for a command. */
export function useIsLeft(command: string | undefined): boolean {
  return useStore(left, (state) => command !== undefined && state.commands.has(command))
}

/** Leaves off waiting: the request goes on, and the ledger shows what becomes of it. */
export function stopWaiting(target: CommandTarget, command: string): void {
  dismissSaid(target)
  left.setState((state) => ({ commands: new Set([...state.commands, command].slice(-KEPT)) }))
}
