import type { Command } from '#model/command.ts'
import type { Lab } from '../lab.ts'
import type { TaskRecords } from './task-records.ts'

/** Starts whose answer did not come: what is read of the server tells whether they took effect. */
export class UnsureStarts {
  readonly #lab: Lab
  readonly #records: TaskRecords
  readonly #commands = new Map<string, Command>()

  constructor(lab: Lab, records: TaskRecords) {
    this.#lab = lab
    this.#records = records
  }

  /** Takes up the starts that were under way when Weir ended. */
  begin(): void {
    const { ledger, name } = this.#lab.context
    for (const command of ledger.all())
      if (command.source === name && command.verb === 'start' && command.error?.type === 'WeirRestarted')
        this.add(command.target, command)
  }

  /** True while it is not known whether the task was started. */
  has(id: string): boolean {
    return this.#commands.has(id)
  }

  add(id: string, command: Command): void {
    this.#commands.set(id, command)
  }

  /** The server knows the task: if its start was not answered, it took effect. */
  found(id: string, running: boolean): void {
    const command = this.#commands.get(id)
    if (!command) return
    this.#commands.delete(id)
    const { commands, context } = this.#lab
    commands.effect(commands.accept(command), 'not answered, but found on the server')
    if (running)
      this.#records.add(id, [{ k: 'started', at: context.clock.now(), origin: 'poll', type: null }])
  }

  /** The server does not know the task. @returns true when its start was never answered */
  notFound(id: string): boolean {
    return this.#commands.delete(id)
  }
}
