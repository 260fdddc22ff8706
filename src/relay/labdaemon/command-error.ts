import type { CommandError } from '#model/command.ts'
import { isUnsure, LabDaemonError } from '#protocols/labdaemon/errors.ts'

/** A failure in the terms of the ledger: the server's own type and words. */
export function commandError(error: unknown): CommandError {
  if (!(error instanceof LabDaemonError))
    return { status: null, type: 'InternalError', message: String(error), owner: null }
  const { status, type, message, owner } = error
  const unsure = isUnsure(error)
  return {
    status,
    type,
    message: unsure ? `${message}; it may have taken effect all the same` : message,
    owner,
    ...(unsure ? { unsure } : {}),
  }
}

/** The same for a question: whatever became of it, nothing was changed. */
export function readError(error: unknown): CommandError {
  const { unsure: _, ...told } = commandError(error)
  return error instanceof LabDaemonError ? { ...told, message: error.message } : told
}

/** A refusal of Weir's own, in the same terms. */
export function ownRefusal(status: number, type: string, message: string): CommandError {
  return { status, type, message, owner: null }
}
