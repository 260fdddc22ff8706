import type { CommandError, CommandOutcome } from '#model/command.ts'
import { InferenceError, type InferenceErrorKind } from '#protocols/inference/envelope.ts'
import { isNeverSent } from '#protocols/unreachable.ts'
import { SourceError } from '../../source-adapter.ts'

/** What became of a request, in words for the person who asked. */
export function commandError(error: unknown): CommandError {
  if (!(error instanceof InferenceError))
    return {
      outcome: 'not-answered',
      status: null,
      type: 'InternalError',
      message: String(error),
      owner: null,
    }
  const needs = error.requirements.map(({ message }) => message).join('; ')
  return {
    outcome: outcomeOf(error),
    status: error.status,
    type: error.code ?? error.kind,
    message: `${sentence(needs || error.message)} ${adviceFor(error)}`,
    owner: null,
    ...(error.requirements.length > 0 ? { requirements: error.requirements } : {}),
  }
}

/** What a failure of the service says of a command: a fault of its own, or silence, tells nothing. */
function outcomeOf({ kind, code }: InferenceError): CommandOutcome {
  if (kind === 'unreachable') return isNeverSent(code) ? 'not-sent' : 'not-answered'
  return NOT_TELLING.has(kind) ? 'not-answered' : 'refused'
}

const NOT_TELLING: ReadonlySet<InferenceErrorKind> = new Set(['server', 'timeout', 'foreign', 'large'])

/** What a person can do who asked: no command is sent again by itself. */
function adviceFor(error: InferenceError): string {
  const wait = error.retryAfterMs === null ? '' : ` in ${Math.ceil(error.retryAfterMs / 1_000)} s`
  if (error.kind === 'rate') return `Too many requests: ask again${wait || ' a little later'}.`
  if (error.kind === 'server')
    return `The fault is on the side of inference.sh: ask again${wait || ' later'}.`
  if (error.kind === 'unreachable') return 'Check the network and the address of the source, then ask again.'
  return error.advice
}

/** Asks the service for something that is no command. Rejects with a SourceError. */
export async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw new SourceError(commandError(error))
  }
}

/** What the service has no way to do. */
export function unsupported(message: string): CommandError {
  return { outcome: 'not-sent', status: 501, type: 'NotSupported', message, owner: null }
}

export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
