import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { SourceCommands } from '../../commands/source-commands.ts'
import type { SourceContext } from '../../source-adapter.ts'
import type { Traffic } from '../../traffic.ts'

/** The record of one service's runs: all that becomes known of them enters here. */
export class RunRecords {
  readonly #context: SourceContext
  readonly #traffic: Traffic
  readonly #commands: SourceCommands

  constructor(context: SourceContext, traffic: Traffic, commands: SourceCommands) {
    this.#context = context
    this.#traffic = traffic
    this.#commands = commands
  }

  get(id: string): Task | undefined {
    const { book, name } = this.#context
    return book.get(name, id)
  }

  /** True where there is such a run, though it may have to be read back. */
  knows(id: string): boolean {
    const { book, name } = this.#context
    return book.knows(name, id)
  }

  /** Keeps the JSON of what a run has made, once it has ended. */
  keepOutput(id: string, json: string): void {
    const { book, name } = this.#context
    book.keepOutput(name, id, json)
  }

  /** Enters events of a run; its end is the effect of a cancel that was accepted. */
  add(id: string, events: readonly TaskEvent[]): void {
    const { book, name } = this.#context
    for (const event of events) {
      if (event.k === 'gap') this.#traffic.gaps += 1
      if (event.k !== 'stream' && event.k !== 'command') this.#traffic.events += 1
    }
    const task = book.record(name, 'inference', id, events)
    if (!isTerminal(task.status) || task.status === 'lost') return
    for (const command of task.detail.commands)
      if (command.verb === 'cancel' && command.acceptedAt !== null && command.effectiveAt === null)
        this.#commands.effect(command, `ended: ${task.status}`, task.endedAt ?? task.statusAt)
  }
}
