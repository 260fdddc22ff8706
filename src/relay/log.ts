import type { Command } from '#model/command.ts'
import { isSourceStale, type Source, type SourceStateName } from '#model/source.ts'

/** `info`: as it should be; `warn`: something outside Weir is not well; `error`: Weir itself is not. */
export type LogLevel = 'info' | 'warn' | 'error'

/** Takes what is worth a line to somebody who reads later how the night went. It never throws. */
export interface Log {
  /**
   * @param about what it is about, in a word or two: `source lab`, `command`, `record`. Of what comes too often
   * about one of these, only the number is kept
   * @param text one sentence; it may hold texts of a source
   */
  write(level: LogLevel, about: string, text: string): void
}

export const NO_LOG: Log = { write: () => undefined }

const STATES: Readonly<Record<SourceStateName, string>> = {
  connecting: 'is being connected to',
  ok: 'answers',
  not_answering: 'does not answer',
  unreachable: 'cannot be reached',
  wrong: 'is not the server it should be',
  stopping: 'is stopping',
  refused: 'refuses Weir',
}

/** A source's state as the predicate of a sentence. */
export function stateWords(state: SourceStateName): string {
  return STATES[state]
}

/** Writes down that a source's state is another one than before. */
export function logSource(log: Log, before: SourceStateName, source: Source): void {
  const { name, state, detail } = source
  if (state === before) return
  // What is not well says what, and what to do.
  if (isSourceStale(source)) log.write('warn', `source ${name}`, detail)
  else log.write('info', `source ${name}`, stateWords(state))
}

/** Writes down that a command came to nothing, or may have; takes every change of every command. */
export function logFailure(log: Log, command: Command): void {
  const { source, verb, target, by, error, effectNote } = command
  // What is noted after a failure is no further failure.
  if (!error || effectNote !== null) return
  const who = by.kind === 'weir' ? `weir (${by.reason})` : by.kind
  // Without what was asked: values of parameters and calls are nobody's but the source's.
  const what = `${verb} ${source}/${target}, asked by ${who}`
  log.write('warn', 'command', `${what}: ${error.outcome.replace('-', ' ')}: ${error.type}: ${error.message}`)
}
