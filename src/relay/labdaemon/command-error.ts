import type { CommandError } from '#model/command.ts'
import { isUnsure, LabDaemonError } from '#protocols/labdaemon/errors.ts'

/** A command that Weir kept back: it changed nothing, and will not. */
export class NotSent extends Error {
  override readonly name = 'NotSent'

  constructor(why: string) {
    super(`not sent: ${why}`)
  }
}

/** A failure in the terms of the ledger: the server's own type and words. */
export function commandError(error: unknown): CommandError {
  if (error instanceof NotSent) return { status: null, type: error.name, message: error.message, owner: null }
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
