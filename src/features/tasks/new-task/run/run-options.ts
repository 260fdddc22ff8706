import type { RunOptions } from '#protocols/weir/api.ts'

/** What can be said of a run beside its input, as it is filled in. */
export interface OptionsDraft {
  infra: '' | 'cloud' | 'private' | 'private_first'
  session: 'none' | 'new' | 'existing'
  sessionId: string
  /** Seconds. */
  sessionTimeout: string
  /** Local time, as `datetime-local` has it. */
  runAt: string
  /** Minutes. */
  cancelAfter: string
}

export const NO_OPTIONS: OptionsDraft = {
  infra: '',
  session: 'none',
  sessionId: '',
  sessionTimeout: '',
  runAt: '',
  cancelAfter: '',
}

export type OptionErrors = Partial<Record<keyof OptionsDraft, string>>

/** The options a draft stands for, and what is wrong with it. */
export function readOptions(draft: OptionsDraft): { options: RunOptions; errors: OptionErrors } {
  const options: RunOptions = {}
  const errors: OptionErrors = {}
  if (draft.infra) options.infra = draft.infra
  if (draft.session === 'new') options.session = 'new'
  if (draft.session === 'existing') {
    const id = draft.sessionId.trim()
    if (id === '') errors.sessionId = 'Name the session'
    options.session = id
  }
  if (draft.session !== 'none' && draft.sessionTimeout.trim() !== '') {
    const seconds = Number(draft.sessionTimeout)
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3_600)
      errors.sessionTimeout = 'Whole seconds, 1 to 3,600'
    options.session_timeout = seconds
  }
  if (draft.runAt !== '') {
    const at = Date.parse(draft.runAt)
    if (Number.isNaN(at)) errors.runAt = 'A date and a time'
    else options.run_at = new Date(at).toISOString()
  }
  if (draft.cancelAfter.trim() !== '') {
    const minutes = Number(draft.cancelAfter)
    if (!Number.isFinite(minutes) || minutes <= 0) errors.cancelAfter = 'Minutes, more than 0'
    options.cancel_after = Math.max(1, Math.round(minutes * 60))
  }
  return { options, errors }
}

/** What is set, in a few words. */
export function optionsText(draft: OptionsDraft): string {
  const parts = [
    draft.infra && draft.infra.replace('_', ' '),
    draft.session === 'new' ? 'new session' : draft.session === 'existing' ? 'in a session' : '',
    draft.runAt && `at ${draft.runAt.replace('T', ' ')}`,
    draft.cancelAfter.trim() && `cancel after ${draft.cancelAfter.trim()} min`,
  ]
  return parts.filter(Boolean).join(', ')
}
