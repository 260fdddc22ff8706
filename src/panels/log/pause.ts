const waiting: (() => void)[] = []
let channel: MessageChannel | undefined

/**
 * Lets the browser draw and answer input, then goes on at once. A message rather than a timer: nested timers
 * are held back by 4 ms, which would triple the time of a search.
 */
export function breathe(): Promise<void> {
  if (!channel) {
    channel = new MessageChannel()
    channel.port1.onmessage = () => waiting.shift()?.()
  }
  const { port2 } = channel
  return new Promise((resolve) => {
    waiting.push(resolve)
    port2.postMessage(null)
  })
}

/** Work longer than this per slice would show as a dropped frame. */
export const SLICE_MS = 8
