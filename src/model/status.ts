/** Every state a task can be shown in. `lost`: its server restarted or forgot it before an outcome was seen. */
export const TASK_STATUSES = [
  'received',
  'queued',
  'scheduled',
  'preparing',
  'serving',
  'setting_up',
  'running',
  'paused',
  'cancelling',
  'uploading',
  'completed',
  'failed',
  'cancelled',
  'lost',
  'unknown',
] as const

export type TaskStatus = (typeof TASK_STATUSES)[number]

const TERMINAL: ReadonlySet<TaskStatus> = new Set(['completed', 'failed', 'cancelled', 'lost'])

/** True for a state in which a task has ended, as far as is known: `hasEnded` tells whether its source said so. */
export function isTerminal(status: TaskStatus): boolean {
  return TERMINAL.has(status)
}

const LABELS: Partial<Record<TaskStatus, string>> = { setting_up: 'Setting up' }

/** The word people read: "Setting up", "Running". */
export function statusLabel(status: TaskStatus): string {
  return LABELS[status] ?? status.charAt(0).toUpperCase() + status.slice(1)
}
