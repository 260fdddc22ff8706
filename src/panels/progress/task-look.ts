import type { TaskStatus } from '#model/status.ts'
import type { IconName } from '#ui/icon.tsx'
import type { Tone } from '#ui/tone.ts'

export interface StatusLook {
  tone: Tone
  icon: IconName
  /** The icon turns while the task itself moves. */
  turning?: boolean
}

/** How a state looks: blue running, green completed, red failed, amber paused, grey waiting or cancelled. */
export const STATUS_LOOKS: Record<TaskStatus, StatusLook> = {
  received: { tone: 'wait', icon: 'clock' },
  queued: { tone: 'wait', icon: 'clock' },
  scheduled: { tone: 'wait', icon: 'clock' },
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
  lost: { tone: 'wait', icon: 'unlink' },
  unknown: { tone: 'wait', icon: 'question' },
}
