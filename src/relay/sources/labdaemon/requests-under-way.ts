import type { Clock } from '#lib/clock.ts'
import { formatUtcTime } from '#lib/format.ts'
import type { Command } from '#model/command.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import { CommandFailure } from '../../commands/source-commands.ts'
import { notSent } from './command-error.ts'

/** Requests to devices that may be holding the server up, also those Weir has given up on. */
export class RequestsUnderWay {
  readonly #clock: Clock
  readonly #requests = new Map<string, { words: string; givenUp: boolean }>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The oldest in words: "settle(4) of laser1, asked by Weir at 10:00:00 UTC, is running"; null when there is none. */
  get words(): string | null {
    const [first] = this.#requests.values()
    return first?.words ?? null
  }

  /** The server answers: what Weir has given up on holds it up no longer. */
  answered(): void {
    for (const [id, { givenUp }] of this.#requests) if (givenUp) this.#requests.delete(id)
  }

  /** Does what a command asks. Throws CommandFailure while the server still works off what Weir has given up on. */
  async run<T>(command: Command, act: () => Promise<T>): Promise<T> {
    // It would be done long after it was wanted.
    for (const { words, givenUp } of this.#requests.values())
      if (givenUp) throw new CommandFailure(notSent(`the server does not answer; ${words}`))
    const since = formatUtcTime(this.#clock.now())
    const request = {
      words: `${command.text} of ${command.target}, asked by Weir at ${since} UTC, is running`,
      givenUp: false,
    }
    this.#requests.set(command.id, request)
    try {
      return await act()
    } catch (error) {
      // Given up on, but not over: it holds up the server until that answers again.
      request.givenUp = error instanceof LabDaemonError && error.kind === 'timeout'
      throw error
    } finally {
      if (!request.givenUp) this.#requests.delete(command.id)
    }
  }
}
