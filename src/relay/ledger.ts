import type { Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandError, CommandVerb } from '#model/command.ts'
import type { LiveList } from './live-list.ts'

export interface CommandRequest {
  source: string
  verb: CommandVerb
  target: string
  text: string
  by: Author
}

/** Commands kept, all sources together. */
const KEPT = 1_000
/** What was asked, in so many characters: a value may be of any size. */
const LONGEST_TEXT = 1_000

/**
 * The ledger of commands: sent → accepted → effective, or what else became of it, each with its time. A change of a
 * task's is told to `onChange`, so that it is entered in the task's own record as well.
 */
export class Ledger {
  readonly #clock: Clock
  readonly #list: LiveList<Command>
  readonly #onChange: (command: Command) => void
  #count = 0

  constructor(clock: Clock, list: LiveList<Command>, onChange: (command: Command) => void) {
    this.#clock = clock
    this.#list = list
    this.#onChange = onChange
  }

  all(): Command[] {
    return this.#list.values()
  }

  send(request: CommandRequest): Command {
    const command: Command = {
      ...request,
      text: bounded(request.text, LONGEST_TEXT),
      id: `c${++this.#count}`,
      sentAt: this.#clock.now(),
      acceptedAt: null,
      effectiveAt: null,
      effectNote: null,
      failedAt: null,
      error: null,
    }
    if (this.#count > KEPT) this.#list.delete(`c${this.#count - KEPT}`)
    return this.#enter(command)
  }

  /**
   * Also takes back a failure that was none: only the answer had not come.
   * @param target what it is for, where only the answer named it
   */
  accept(command: Command, target = command.target): Command {
    const acceptedAt = this.#clock.now()
    return this.#enter({ ...this.#current(command), target, acceptedAt, failedAt: null, error: null })
  }

  /** @param note how the effect was seen; with `at` null: why it cannot be */
  effect(command: Command, at: number | null, note: string): Command {
    return this.#enter({ ...this.#current(command), effectiveAt: at, effectNote: note })
  }

  /** The source does not report the effect, but by now it shows in what the task does. */
  infer(command: Command, note: string): Command {
    return this.#enter({
      ...this.#current(command),
      effectiveAt: this.#clock.now(),
      inferred: true,
      effectNote: note,
    })
  }

  /** It was refused, not answered or not sent: the error says which. */
  fail(command: Command, error: CommandError): Command {
    return this.#enter({ ...this.#current(command), failedAt: this.#clock.now(), error })
  }

  #current(command: Command): Command {
    return this.#list.get(command.id) ?? command
  }

  #enter(command: Command): Command {
    // One that was dropped for its age lives on in its task's record alone.
    if (Number(command.id.slice(1)) > this.#count - KEPT) this.#list.set(command.id, command)
    this.#onChange(command)
    return command
  }
}
