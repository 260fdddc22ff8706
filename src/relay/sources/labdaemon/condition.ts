import { bounded } from '#lib/detached.ts'
import { formatUtcTime } from '#lib/format.ts'
import { report } from '#lib/isolate.ts'
import type { Source } from '#model/source.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { SourceContext } from '../../source-adapter.ts'
import type { Lab } from './lab.ts'

/** The condition of a LabDaemon server out of what its lists answered, as the Sources screen shows it. */
export class Condition {
  readonly #lab: Lab
  /** Its own clock was asked for, on this connection. */
  #clockAsked = false
  /** Connections refused in a row. */
  #refusals = 0
  /** It was seen to shut down, and has not answered since. */
  #shutDown = false

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /** It has answered with the list of tasks. */
  answered(latencyMs: number): void {
    const { context, queue, requests, server } = this.#lab
    server.isOk = true
    this.#shutDown = false
    this.#refusals = 0
    requests.answered()
    this.#askClock()
    context.report({ state: 'ok', detail: 'Connected', latencyMs })
    queue.hold(false)
  }

  /**
   * A request waits for its answer.
   * @param since when it was sent, ms since epoch
   * @param guess what may be the reason, where Weir asked nothing that explains it
   */
  silent(since: number, guess: string): void {
    const { words } = this.#lab.requests
    this.#refusals = 0
    this.#away({
      state: 'not_answering',
      detail: `Not answering since ${formatUtcTime(since)} UTC${words ? `: ${words}. Tasks go on unseen.` : guess}`,
    })
  }

  /** The lists could not be read. */
  failed(error: LabDaemonError): void {
    const { context, requests, server } = this.#lab
    const isRefused = error.kind === 'unreachable' && error.type === 'ECONNREFUSED'
    if (isRefused) server.refused()
    if (error.kind === 'unreachable') server.unreachable()
    this.#refusals = isRefused ? this.#refusals + 1 : 0
    const lastError = { at: context.clock.now(), text: error.message }
    this.#away({ ...said(error, requests.words, context.login), lastError })
    if (this.#refusals >= 2) this.#letGo()
  }

  /** A fault of Weir's own must not end the watch, nor look as if all were well. */
  failedSelf(error: unknown): void {
    report(error)
    const { context } = this.#lab
    const text = `Weir itself failed at what the server answered: ${bounded(String(error), 500)}`
    this.#refusals = 0
    context.report({ detail: text, lastError: { at: context.clock.now(), text } })
  }

  #away(patch: Partial<Source>): void {
    const { context, queue, server, sourceClock } = this.#lab
    server.isOk = false
    this.#clockAsked = false
    sourceClock.lost()
    context.report(
      this.#shutDown && patch.state === 'unreachable'
        ? { ...patch, detail: 'It was shutting down and has ended. Weir keeps trying until it is back.' }
        : patch,
    )
    queue.hold(true)
  }

  /**
   * Connections refused while streams live: the server waits for them to close (LabDaemon wire contract §5.14).
   * Twice, since once may be a full backlog; any other failure may be the network's, and passes.
   */
  #letGo(): void {
    const { context, streams } = this.#lab
    if (streams.open === 0) return
    this.#shutDown = true
    context.report({
      state: 'stopping',
      detail:
        'The server refuses requests while its streams live: it is shutting down. Weir lets go of them.',
    })
    streams.hangUp()
  }

  /** A header may be a gateway's: once per connection the server itself says what time it is. */
  #askClock(): void {
    if (this.#clockAsked) return
    this.#clockAsked = true
    const { client, context, sourceClock } = this.#lab
    const sentAt = context.clock.now()
    client.health().then(
      ({ timestamp }) => {
        const told = Date.parse(timestamp)
        if (!Number.isNaN(told)) sourceClock.measure('body', told, 1_000, sentAt)
      },
      // The lists tell what is wrong with the server.
      () => undefined,
    )
  }
}

/** @param underWay what Weir asked that may be holding the server up */
function said(
  error: LabDaemonError,
  underWay: string | null,
  login: SourceContext['login'],
): Pick<Source, 'state' | 'detail'> {
  switch (error.kind) {
    case 'unreachable':
      return { state: 'unreachable', detail: `Cannot be reached: ${error.message}. Weir keeps trying.` }
    case 'timeout':
      return {
        state: 'not_answering',
        detail: underWay
          ? `Not answering: ${underWay}. Tasks go on unseen.`
          : 'Not answering, though it accepts connections: the server may need a restart.',
      }
    case 'foreign':
    case 'framework':
    case 'unaddressable':
      return {
        state: 'wrong',
        detail: `This is no LabDaemon server (${error.message}). Check the URL it was started with.`,
      }
    case 'redirect':
      return {
        state: 'wrong',
        detail: `What answers is no LabDaemon: ${error.message}. If that is the server, start Weir with that address; if it is a login, ${loginWords(login)}`,
      }
    case 'rate':
      return { state: 'refused', detail: `${error.message}. Weir asks again by itself.` }
    case 'login':
      return { state: 'refused', detail: `${error.message}. To be let in, ${loginWords(login)}` }
    case 'gateway':
    case 'crashed':
    case 'refused':
      return { state: 'not_answering', detail: `The server fails to answer: ${error.message}` }
  }
}

/** What to do to be let in, as half a sentence and its full stop. */
function loginWords(login: SourceContext['login']): string {
  if (login === null) return 'start Weir with a login for it.'
  return login.given
    ? `correct ${login.variable} where Weir runs and start it again: what it holds is not accepted.`
    : `set ${login.variable}="Authorization: Bearer …" where Weir runs and start it again.`
}
