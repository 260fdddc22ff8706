import { callAll } from './isolate.ts'

const tickers = new Map<number, { listeners: Set<() => void>; timer: ReturnType<typeof setInterval> }>()

/**
 * Calls a listener every so many ms; all that have the same period are called together, by one timer.
 * @returns ends it
 */
export function onInterval(everyMs: number, listener: () => void): () => void {
  let ticker = tickers.get(everyMs)
  if (!ticker) {
    const listeners = new Set<() => void>()
    ticker = {
      listeners,
      timer: setInterval(() => {
        callAll(listeners)
      }, everyMs),
    }
    tickers.set(everyMs, ticker)
  }
  const { listeners, timer } = ticker
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0 || tickers.get(everyMs)?.listeners !== listeners) return
    clearInterval(timer)
    tickers.delete(everyMs)
  }
}
