import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { deviceKey } from '#model/device.ts'
import { refusalOf, type Refusal } from '#panels/command/refusal.ts'
import type { CommandAnswer } from '#protocols/weir/api.ts'
import type { DeviceVerb } from './device-verbs.ts'

/** What became of the last command this page sent for a device, beside its control. */
export interface DeviceCommandState {
  verb: DeviceVerb
  /** `sent` until the source has answered; an accepted one leaves no trace here, the list tells. */
  phase: 'sent' | 'refused'
  refusal: Refusal | null
}

/** Kept outside the cards: the list and the page of a device share it. */
const store = createStore<{
  states: ReadonlyMap<string, DeviceCommandState>
  /** Commands of the ledger that nobody waits for any more on this page. */
  left: ReadonlySet<string>
}>(() => ({ states: new Map(), left: new Set() }))

export function useDeviceCommand(key: string): DeviceCommandState | undefined {
  return useStore(store, (state) => state.states.get(key))
}

/** Whether this page has stopped waiting for a command. */
export function useIsLeft(command: string | undefined): boolean {
  return useStore(store, (state) => command !== undefined && state.left.has(command))
}

/** Sends a command and keeps what is said of it; resolves with the error that was thrown, or null. */
export async function sendDeviceCommand(
  device: { source: string; id: string },
  verb: DeviceVerb,
  send: () => Promise<CommandAnswer>,
): Promise<unknown> {
  const key = deviceKey(device)
  const mine: DeviceCommandState = { verb, phase: 'sent', refusal: null }
  put(key, mine)
  // A later command of this page has its own say.
  const settle = (refusal: Refusal | null) => {
    if (store.getState().states.get(key) !== mine) return
    put(key, refusal && { verb, phase: 'refused', refusal })
  }
  try {
    const { command } = await send()
    settle(command.error)
    return null
  } catch (error) {
    settle(refusalOf(error))
    return error
  }
}

/** Leaves off waiting: the request goes on, and the ledger shows what becomes of it. */
export function stopWaiting(key: string, command: string | undefined): void {
  put(key, null)
  if (command === undefined) return
  store.setState(({ left }) => ({ left: new Set([...left, command].slice(-200)) }))
}

export function dismissRefusal(key: string): void {
  put(key, null)
}

function put(key: string, state: DeviceCommandState | null): void {
  store.setState(({ states }) => {
    const next = new Map(states)
    if (state) next.set(key, state)
    else next.delete(key)
    return { states: next }
  })
}
