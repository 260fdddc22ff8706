import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import { deviceKey } from '#model/device.ts'
import { refusalOf, type Refusal } from '#panels/command/refusal.ts'
import type { Call, CallRequest } from '#protocols/weir/api.ts'
import type { WeirClient } from '#protocols/weir/client.ts'

/** The newest call of a method that this page made. Times are ms since epoch by the relay's clock. */
export type CallState =
  | { phase: 'running'; at: number; stop: () => void }
  /** Not waited for any more; the call itself goes on. */
  | { phase: 'left'; at: number }
  | { phase: 'done'; call: Call }
  | { phase: 'refused'; at: number; refusal: Refusal }

/** Kept outside the views: a card and the page of a device show the same. */
const store = createStore<{ states: ReadonlyMap<string, CallState> }>(() => ({ states: new Map() }))

/** @param key the device's, `SOURCE/ID` */
export function useCallState(key: string, method: string): CallState | undefined {
  return useStore(store, (state) => state.states.get(`${key} ${method}`))
}

/** Calls a method; its state follows until it is answered, refused or no longer waited for. */
export async function runCall(
  weir: WeirClient,
  device: { source: string; id: string },
  request: CallRequest,
  at: number,
): Promise<void> {
  const key = `${deviceKey(device)} ${request.method}`
  const abort = new AbortController()
  const running: CallState = {
    phase: 'running',
    at,
    stop: () => {
      put(key, { phase: 'left', at })
      abort.abort()
    },
  }
  const before = store.getState().states.get(key)
  if (before?.phase === 'running') return
  put(key, running)
  let next: CallState
  try {
    const { call } = await weir.call(device.source, device.id, request, abort.signal)
    next = { phase: 'done', call }
  } catch (error) {
    next = { phase: 'refused', at, refusal: refusalOf(error) }
  }
  if (store.getState().states.get(key) === running) put(key, next)
}

function put(key: string, state: CallState): void {
  store.setState(({ states }) => ({ states: new Map(states).set(key, state) }))
}
