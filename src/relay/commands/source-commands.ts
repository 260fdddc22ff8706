import type { Author } from '#model/author.ts'
import type { Command, CommandError, CommandVerb } from '#model/command.ts'
import type { SourceContext } from '../source-adapter.ts'

/** What is asked of a source. */
export interface Asked {
  verb: CommandVerb
  /** The task or device it is for. */
  target: string
  /** In words: "settle(4)". */
  text: string
  by: Author
}

/** Why a command came to nothing, or may have, where more is known of it than the source's error says. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly error: CommandError

  constructor(error: CommandError) {
    super(error.message)
    this.error = error
  }
}

/** A start that was taken back while it waited for its turn. */
export const NOT_WANTED: CommandError = {
  outcome: 'not-sent',
  status: null,
  type: 'NotWanted',
  message: 'not started: it was cancelled before its turn came',
  owner: null,
}

/** How a kind of source says that a command came to nothing. */
export interface SourceErrors {
  commandError(error: unknown): CommandError
}

/**
 * The one path of commands to a source: entered, sent, then accepted, refused, not answered or not sent; and at
 * last effective, as far as that can be seen.
 */
export class SourceCommands {
  readonly #context: Pick<SourceContext, 'clock' | 'ledger' | 'name'>
  readonly #errors: SourceErrors

  constructor(context: Pick<SourceContext, 'clock' | 'ledger' | 'name'>, errors: SourceErrors) {
    this.#context = context
    this.#errors = errors
  }

  /**
   * Enters a command that is about to be sent; settles when it may be: once it is on disk, so that a crash leaves
   * no command that nobody knows of.
   */
  async enter(asked: Asked): Promise<Command> {
    const { ledger, name } = this.#context
    const command = ledger.send({ source: name, ...asked })
    await ledger.committed()
    return command
  }

  /**
   * Enters a command, sends it, and enters what became of it. Never rejects.
   * @param ask sends it; settles with the source's answer, rejects when it came to nothing or may have
   * @param targetOf what it is for, where only the answer names it
   * @returns `answer`: undefined when it was not accepted
   */
  async carryOut<T>(
    asked: Asked,
    ask: (sent: Command) => Promise<T>,
    targetOf?: (answer: T) => string,
  ): Promise<{ command: Command; answer?: T }> {
    const sent = await this.enter(asked)
    try {
      const answer = await ask(sent)
      return { command: this.accept(sent, targetOf?.(answer)), answer }
    } catch (error) {
      return { command: this.fail(sent, this.#explain(error)) }
    }
  }

  /** Enters a command that Weir itself says no to: it is not sent. */
  refuse(asked: Asked, error: CommandError): Command {
    const { ledger, name } = this.#context
    return ledger.fail(ledger.send({ source: name, ...asked }), error)
  }

  /** Also takes back a failure that was none: only the answer had not come. */
  accept(command: Command, target?: string): Command {
    return this.#context.ledger.accept(command, target)
  }

  fail(command: Command, error: CommandError): Command {
    return this.#context.ledger.fail(command, error)
  }

  /**
   * It took effect.
   * @param note how that was seen
   * @param at when it did, ms since epoch
   */
  effect(command: Command, note: string, at = this.#context.clock.now()): Command {
    return this.#context.ledger.effect(command, at, note)
  }

  /** Whether it took effect cannot be seen, or it did not. @param note why */
  noEffect(command: Command, note: string): Command {
    return this.#context.ledger.effect(command, null, note)
  }

  /** The source does not report the effect, but by now it shows in what the task does. */
  infer(command: Command, note: string): Command {
    return this.#context.ledger.infer(command, note)
  }

  #explain(error: unknown): CommandError {
    return error instanceof CommandFailure ? error.error : this.#errors.commandError(error)
  }
}
