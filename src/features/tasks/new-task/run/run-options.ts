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

/** What was asked for before, as it would have been filled in; function and setup have their own places. */
export function optionsDraft(options: RunOptions): OptionsDraft {
  const { infra = '', session, session_timeout, run_at, cancel_after } = options
  return {
    infra,
    session: session === undefined ? 'none' : session === 'new' ? 'new' : 'existing',
    sessionId: session === undefined || session === 'new' ? '' : session,
    sessionTimeout: session_timeout === undefined ? '' : String(session_timeout),
    runAt: run_at === undefined ? '' : localTime(Date.parse(run_at)),
    cancelAfter: cancel_after === undefined ? '' : String(Number((cancel_after / 60).toFixed(4))),
  }
}

/** As `datetime-local` has it. @param at ms since epoch */
function localTime(at: number): string {
  if (Number.isNaN(at)) return ''
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
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
