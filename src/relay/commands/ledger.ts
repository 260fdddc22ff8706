import type { Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import type { Author } from '#model/author.ts'
import { isForTask, type Command, type CommandError, type CommandVerb } from '#model/command.ts'
import type { Task } from '#model/task.ts'
import { COMMAND } from '#topics/rows.ts'
import { TASK } from '#topics/task.ts'
import { logFailure, NO_LOG, type Log } from '../log.ts'
import type { TopicRecord } from '../record/record.ts'

export interface CommandRequest {
  source: string
  verb: CommandVerb
  target: string
  text: string
  by: Author
}

/** Commands kept, all sources together. */
const KEPT = 1_000
/** A command was under way when Weir ended. */
const RESTARTED: CommandError = {
  outcome: 'not-answered',
  status: null,
  type: 'WeirRestarted',
  message: 'Weir was restarted before an answer came: it is not known whether it took effect.',
  owner: null,
}
/** What was asked, in so many characters: a value may be of any size. */
const LONGEST_TEXT = 1_000

/**
 * The ledger of commands: sent → accepted → effective, or what else became of it, each with its time. What becomes
 * of a task's is an event of the task as well.
 */
export class Ledger {
  readonly #record: TopicRecord
  readonly #log: Log
  readonly #clock: Clock
  #count = 0

  constructor(record: TopicRecord, log: Log = NO_LOG) {
    this.#record = record
    this.#log = log
    this.#clock = record.clock
  }

  all(): Command[] {
    return this.#record.all(COMMAND).flatMap(({ state }) => (state ? [state as Command] : []))
  }

  /**
   * Goes on from the commands that were read back: numbers are never given twice, and of what was under way when
   * Weir ended nobody knows what became. Nothing repeats it by itself.
   */
  begin(): void {
    const commands = this.all()
    this.#count = Math.max(this.#count, ...commands.map(({ id }) => Number(id.slice(1))))
    for (const command of commands)
      if (command.acceptedAt === null && command.failedAt === null) this.fail(command, RESTARTED)
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
    this.#forgetOld()
    return this.#enter(command)
  }

  /** Settles once all that was entered so far is on disk; where that fails, the banner says so and work goes on. */
  async committed(): Promise<void> {
    await this.#record.committed().catch(() => undefined)
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
    return this.#record.get(COMMAND, command.source, command.id) ?? command
  }

  #forgetOld(): void {
    const commands = this.#record.all(COMMAND)
    if (commands.length < KEPT) return
    for (const topic of commands.slice(0, commands.length - KEPT + 1)) this.#record.remove(topic)
  }

  #enter(command: Command): Command {
    const { source, id, target } = command
    logFailure(this.#log, command)
    // One that was dropped for its age lives on in its task's record alone.
    if (Number(id.slice(1)) > this.#count - KEPT)
      this.#record.append(COMMAND, { source, id }, [{ k: 'is', row: command }], false)
    const task = isForTask(command.verb) ? this.#record.get<Task>(TASK, source, target) : undefined
    if (task)
      this.#record.append(TASK, { source, id: target, sourceKind: task.kind }, [
        { k: 'command', at: this.#clock.now(), command },
      ])
    return command
  }
}
