import type { StreamStateName } from '#model/stream-state.ts'
import type { IconName } from '#ui/icon.tsx'
import type { Tone } from '#ui/tone.ts'

export interface StreamLook {
  tone: Tone
  icon: IconName
  turning?: boolean
  label: string
}

/** How each state of an upstream looks. */
export const STREAM_LOOKS: Record<StreamStateName, StreamLook> = {
  none: { tone: 'plain', icon: 'unlink', label: 'No stream' },
  connecting: { tone: 'wait', icon: 'spinner', turning: true, label: 'Connecting' },
  open: { tone: 'ok', icon: 'check', label: 'Open' },
  stalled: { tone: 'warn', icon: 'clock', label: 'Stalled' },
  in_use: { tone: 'warn', icon: 'warning', label: 'In use' },
  silenced: { tone: 'warn', icon: 'ban', label: 'Silenced' },
  reconnecting: { tone: 'warn', icon: 'spinner', turning: true, label: 'Reconnecting' },
  closed: { tone: 'plain', icon: 'stop', label: 'Closed' },
  failed: { tone: 'bad', icon: 'cross', label: 'Failed' },
}
