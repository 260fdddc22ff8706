import type { CommandError, CommandOutcome } from '#model/command.ts'
import { isUnsure, LabDaemonError } from '#protocols/labdaemon/errors.ts'

/** A command that Weir kept back: it changed nothing, and will not. */
export function notSent(why: string): CommandError {
  return { outcome: 'not-sent', status: null, type: 'NotSent', message: `not sent: ${why}`, owner: null }
}

/** A failure in the terms of the ledger: the server's own type and words. */
export function commandError(error: unknown): CommandError {
  if (!(error instanceof LabDaemonError))
    return {
      outcome: 'not-answered',
      status: null,
      type: 'InternalError',
      message: String(error),
      owner: null,
    }
  if (error.kind === 'unaddressable') return notSent(error.message)
  const { status, type, message, owner } = error
  const outcome = outcomeOf(error)
  return {
    outcome,
    status,
    type,
    message: outcome === 'not-answered' ? `${message}; it may have taken effect all the same` : message,
    owner,
  }
}

function outcomeOf(error: LabDaemonError): CommandOutcome {
  if (isUnsure(error)) return 'not-answered'
  return error.kind === 'unreachable' ? 'not-sent' : 'refused'
}

/** The same for a question: whatever became of it, nothing was changed. */
export function readError(error: unknown): CommandError {
  const told = commandError(error)
  const outcome = told.outcome === 'refused' ? 'refused' : 'not-sent'
  return { ...told, outcome, message: error instanceof LabDaemonError ? error.message : told.message }
}

/** Weir itself says no, in the same terms: nothing goes to the server. */
export function ownRefusal(status: number, type: string, message: string): CommandError {
  return { outcome: 'not-sent', status, type, message, owner: null }
}
