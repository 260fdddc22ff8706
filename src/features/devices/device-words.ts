import { streamsForAnother, type Device } from '#model/device.ts'

/** For whom a device streams, as far as is known: "streams for Weir". */
export function streamingWords(device: Device): string {
  if (device.hold) return 'streams for Weir'
  if (!streamsForAnother(device)) return 'does not stream'
  return device.ownedBy === null
    ? 'streams for a client outside Weir'
    : `streams while ${device.ownedBy} holds it`
}

/** What is asked and unanswered, as something under way: "connecting…", "settle(4) is running". */
export function busyWords(text: string): string {
  const word = UNDER_WAY[text]
  return word ? `${word}…` : `${text} is running`
}

const UNDER_WAY: Record<string, string> = {
  connect: 'connecting',
  disconnect: 'disconnecting',
  'start stream': 'starting the stream',
  'stop stream': 'stopping the stream',
  'clear the last error': 'clearing the last error',
}

/** Kept so long unless chosen otherwise, as the relay has it. */
export const KEEP_USUALLY_MS = 600_000

/** How long Weir keeps a stream when nobody watches, to choose from; `null`: until stopped. */
export const KEEP_CHOICES: readonly { ms: number | null; label: string }[] = [
  { ms: 60_000, label: '1 min' },
  { ms: KEEP_USUALLY_MS, label: '10 min' },
  { ms: 3_600_000, label: '1 h' },
  { ms: null, label: 'until stopped' },
]
