import type { StreamStateName } from '#model/stream-state.ts'

const WORDS: Record<StreamStateName, string> = {
  none: 'no stream',
  connecting: 'stream connecting',
  open: 'stream open',
  stalled: 'stream stalled',
  in_use: 'stream in use elsewhere',
  silenced: 'stream silenced',
  reconnecting: 'stream reconnecting',
  closed: 'stream closed',
  failed: 'stream failed',
}

export function streamWords(name: StreamStateName): string {
  return WORDS[name]
}

/** States worth a word on a card: something keeps the news away. */
export function isStreamTroubled(name: StreamStateName): boolean {
  return (
    name === 'stalled' ||
    name === 'in_use' ||
    name === 'silenced' ||
    name === 'reconnecting' ||
    name === 'failed'
  )
}
