import type { CommandError } from '#model/command.ts'
import type { Source } from '#model/source.ts'
import { JobsError } from '#protocols/jobs/client.ts'
import type { SourceContext } from '../../source-adapter.ts'

/** What a failed read of the list says of the server, with what to do. */
export function conditionOf(
  error: JobsError,
  login: SourceContext['login'],
): Pick<Source, 'state' | 'detail'> {
  const { kind, message } = error
  switch (kind) {
    case 'unreachable':
      return { state: 'unreachable', detail: `Cannot be reached: ${message}. Weir keeps trying.` }
    case 'timeout':
      return { state: 'not_answering', detail: `Not answering: ${message}. Weir keeps trying.` }
    case 'login': {
      const variable = login ? `set ${login.variable}="Authorization: Bearer …"` : 'give it a login'
      const todo = login?.given ? `correct ${login.variable}` : variable
      return {
        state: 'refused',
        detail: `${message}. To be let in, ${todo} where Weir runs and start it again.`,
      }
    }
    case 'status':
      return error.status !== null && error.status >= 500
        ? { state: 'not_answering', detail: `The server fails to answer: ${message}` }
        : { state: 'wrong', detail: `No list of jobs: ${message}. Check its URL in the configuration.` }
    case 'redirect':
      return {
        state: 'wrong',
        detail: `No list of jobs: ${message}, where Weir does not go. Name that URL instead.`,
      }
    case 'foreign':
    case 'large':
      return {
        state: 'wrong',
        detail: `No list of jobs: ${message}. Check its URL and "list" in the configuration.`,
      }
  }
}

/** A failed command in the terms of the ledger. */
export function commandError(error: unknown): CommandError {
  const isOurs = error instanceof JobsError
  const unsure = !isOurs || error.isUnsure
  const isSent = !isOurs || error.kind !== 'unreachable'
  const message = isOurs ? error.message : String(error)
  return {
    outcome: unsure ? 'not-answered' : isSent ? 'refused' : 'not-sent',
    status: isOurs ? error.status : null,
    type: isOurs && error.status !== null ? `HTTP ${error.status}` : isSent ? 'NotAnswered' : 'Unreachable',
    message: unsure ? `${message}; it may have taken effect all the same` : message,
    owner: null,
  }
}

/** Weir itself says no, in the same terms: nothing goes to the server. */
export function notSent(type: string, message: string): CommandError {
  return { outcome: 'not-sent', status: 404, type, message, owner: null }
}
