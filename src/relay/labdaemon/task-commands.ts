import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandVerb } from '#model/command.ts'
import { pauseGrace } from '#model/reduce-task.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import type { SourceContext, TaskStart, TaskStarted } from '../source-adapter.ts'
import { commandError } from './command-error.ts'
import { Turns } from './turns.ts'

export interface TaskCommandsOptions {
  context: SourceContext
  client: LabDaemonClient
  taskOf(id: string): Task | undefined
  record(id: string, events: readonly TaskEvent[]): void
  /** The task runs: its stream is to be attached to. */
  runs(id: string): void
  readOutcome(id: string, started?: { type: string; params: unknown }): Promise<void>
  /** A type that a task was started with. */
  known(type: string): void
  /** Reads the lists soon. */
  poll(): void
}

/** Commands to the tasks of a LabDaemon, and what became of them as far as that can be seen. */
export class TaskCommands {
  readonly #options: TaskCommandsOptions
  /** Starts whose answer did not come: the lists tell whether they took effect. */
  readonly #unsureStarts = new Map<string, Command>()
  readonly #starts = new Turns()

  constructor(options: TaskCommandsOptions) {
    this.#options = options
  }

  /** True while it is not known whether the task was started. */
  isUnsure(id: string): boolean {
    return this.#unsureStarts.has(id)
  }

  /** The server does not know the task; true when its start was never answered. */
  giveUp(id: string): boolean {
    return this.#unsureStarts.delete(id)
  }

  /** Starts go one after another: a LabDaemon is asked one thing of a kind at a time. */
  start(start: TaskStart, by: Author): Promise<TaskStarted> {
    return this.#starts.take('start', () => this.#startNow(start, by))
  }

  async #startNow(start: TaskStart, by: Author): Promise<TaskStarted> {
    const { ledger } = this.#options.context
    const { id, type, params, batch } = start
    const known = this.#options.taskOf(id) !== undefined
    let command = ledger.send({
      source: this.#options.context.name,
      verb: 'start',
      target: id,
      text: `start ${type}`,
      by,
    })
    if (start.isWanted?.() === false) {
      const message = 'not started: it was cancelled before its turn came'
      return {
        id,
        command: ledger.fail(command, {
          outcome: 'not-sent',
          status: null,
          type: 'NotWanted',
          message,
          owner: null,
        }),
      }
    }
    try {
      const answer = await this.#options.client.start(id, type, params)
      const at = this.#options.context.clock.now()
      this.#options.known(type)
      this.#options.record(id, [
        {
          k: 'started',
          at,
          origin: 'command',
          type,
          params,
          deviceIds: answer.device_ids,
          ...(batch ? { batch } : {}),
        },
      ])
      command = ledger.accept(command)
      command = ledger.effect(command, at, `the server says ${answer.status.replaceAll('_', ' ')}`)
      if (answer.status === 'completed_immediately') await this.#options.readOutcome(id)
      else this.#options.runs(id)
      return { id, command }
    } catch (error) {
      const failed = ledger.fail(command, commandError(error))
      if (failed.error?.outcome === 'not-answered' && !known) {
        // It may run: it stands in the book, and the next list that is read says what became of it.
        this.#unsureStarts.set(id, failed)
        this.#options.record(id, [
          {
            k: 'started',
            at: this.#options.context.clock.now(),
            origin: 'command',
            status: null,
            type,
            params,
            ...(batch ? { batch } : {}),
          },
        ])
        this.#options.poll()
      }
      // A refusal may have made a task all the same, and used its id (LabDaemon wire contract §5.9).
      if (!known && failed.error?.status === 400) await this.#options.readOutcome(id, { type, params })
      return { id, command: failed }
    }
  }

  /** The server knows a task whose start was not answered. */
  found(id: string, running: boolean): void {
    const command = this.#unsureStarts.get(id)
    if (!command) return
    this.#unsureStarts.delete(id)
    const { ledger, clock } = this.#options.context
    const at = clock.now()
    ledger.effect(ledger.accept(command), at, 'not answered, but found on the server')
    if (running) this.#options.record(id, [{ k: 'started', at, origin: 'poll', type: null }])
  }

  steer(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    return this.#command(verb, id, verb, by, async () => {
      await this.#options.client.steer(id, verb)
    })
  }

  async setParameter(id: string, key: string, value: unknown, by: Author): Promise<Command> {
    const command = await this.#command(
      'parameter',
      id,
      `set ${key} = ${stringifyExact(value)}`,
      by,
      async () => {
        await this.#options.client.setParameter(id, key, value)
      },
    )
    if (command.acceptedAt === null) return command
    const confirmed = this.#options.context.ledger.effect(
      command,
      command.acceptedAt,
      'confirmed by the server',
    )
    this.#options.record(id, [
      { k: 'command', at: command.acceptedAt, command: confirmed, setting: { key, value } },
    ])
    return confirmed
  }

  async #command(
    verb: CommandVerb,
    id: string,
    text: string,
    by: Author,
    act: () => Promise<void>,
  ): Promise<Command> {
    const { ledger, name } = this.#options.context
    const command = ledger.send({ source: name, verb, target: id, text, by })
    try {
      await act()
    } catch (error) {
      return ledger.fail(command, commandError(error))
    }
    const accepted = ledger.accept(command)
    if (verb === 'cancel') this.#options.poll()
    return accepted
  }

  /** Pause and resume show only in whether steps come (LabDaemon wire contract §5.8). */
  confirm(task: Task): void {
    const { ledger, clock } = this.#options.context
    const now = clock.now()
    for (const command of task.detail.commands) {
      if (command.acceptedAt === null || command.effectNote !== null) continue
      const waited = now - command.acceptedAt
      const eventAt = task.eventAt ?? 0
      if (command.verb === 'pause' && waited > pauseGrace(task)) {
        if (task.eventAt === null) ledger.effect(command, null, 'the server cannot confirm a pause')
        else if (task.status === 'paused') ledger.infer(command, 'no step since')
        else ledger.effect(command, null, 'steps went on: the task did not honour it, or someone resumed it')
      } else if (command.verb === 'resume') {
        if (eventAt > command.acceptedAt) ledger.infer(command, 'steps arrive again')
        else if (task.eventAt === null && waited > pauseGrace(task))
          ledger.effect(command, null, 'the server cannot confirm a resume')
      }
    }
  }
}
