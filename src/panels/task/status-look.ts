import type { TaskStatus } from '#model/status.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { IconName } from '#ui/icon.tsx'
import type { Tone } from '#ui/tone.ts'

export interface Look {
  tone: Tone
  icon: IconName
  turning?: boolean
  /** What is shown may not be so. */
  hatched?: boolean
}

const WAITING: Look = { tone: 'wait', icon: 'clock' }

/** How each status looks wherever it is shown. */
export const STATUS_LOOK: Record<TaskStatus, Look> = {
  received: WAITING,
  queued: WAITING,
  scheduled: WAITING,
  preparing: { tone: 'run', icon: 'spinner', turning: true },
  serving: { tone: 'run', icon: 'spinner', turning: true },
  setting_up: { tone: 'run', icon: 'spinner', turning: true },
  running: { tone: 'run', icon: 'play' },
  paused: { tone: 'warn', icon: 'pause' },
  cancelling: { tone: 'wait', icon: 'spinner', turning: true },
  uploading: { tone: 'run', icon: 'upload' },
  completed: { tone: 'ok', icon: 'check' },
  failed: { tone: 'bad', icon: 'cross' },
  cancelled: { tone: 'wait', icon: 'ban' },
  lost: { tone: 'wait', icon: 'unlink', hatched: true },
  unknown: { tone: 'wait', icon: 'question', hatched: true },
}

/** How each state of an upstream looks. */
export const STREAM_LOOK: Record<StreamStateName, Look & { label: string }> = {
  none: { tone: 'plain', icon: 'unlink', label: 'No stream' },
  connecting: { tone: 'wait', icon: 'spinner', turning: true, label: 'Connecting' },
  open: { tone: 'ok', icon: 'check', label: 'Open' },
  stalled: { tone: 'warn', icon: 'clock', hatched: true, label: 'Stalled' },
  in_use: { tone: 'warn', icon: 'warning', label: 'In use' },
  silenced: { tone: 'warn', icon: 'ban', hatched: true, label: 'Silenced' },
  reconnecting: { tone: 'warn', icon: 'spinner', turning: true, label: 'Reconnecting' },
  closed: { tone: 'plain', icon: 'stop', label: 'Closed' },
  failed: { tone: 'bad', icon: 'cross', label: 'Failed' },
}

/** Colours of areas (timeline bars), by tone. */
export const TONE_AREA: Record<Tone, string> = {
  run: 'bg-run',
  ok: 'bg-ok',
  bad: 'bg-bad',
  warn: 'bg-warn',
  wait: 'bg-wait',
  plain: 'bg-wait',
}
