import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandVerb } from '#model/command.ts'
import { pauseGrace } from '#model/reduce-task.ts'
import type { Task } from '#model/task.ts'
import type { TaskStart, TaskStarted } from '../source-adapter.ts'
import { commandError } from './command-error.ts'
import type { Lab } from './lab.ts'
import type { LabTasks } from './lab-tasks.ts'
import type { TaskOutcomes } from './task-outcomes.ts'
import { Turns } from './turns.ts'

/** Commands to the tasks of a LabDaemon, and what became of them as far as that can be seen. */
export class TaskCommands {
  readonly #lab: Lab
  readonly #tasks: LabTasks
  readonly #outcomes: TaskOutcomes
  readonly #starts = new Turns()

  constructor(lab: Lab, tasks: LabTasks, outcomes: TaskOutcomes) {
    this.#lab = lab
    this.#tasks = tasks
    this.#outcomes = outcomes
  }

  /** Starts go one after another: a LabDaemon is asked one thing of a kind at a time. */
  start(start: TaskStart, by: Author): Promise<TaskStarted> {
    return this.#starts.take('start', () => this.#startNow(start, by))
  }

  async #startNow(start: TaskStart, by: Author): Promise<TaskStarted> {
    const { client, context, polls } = this.#lab
    const { records, types, unsureStarts } = this.#tasks
    const { clock, ledger, name } = context
    const { id, type, params, batch } = start
    const known = records.get(id) !== undefined
    let command = ledger.send({ source: name, verb: 'start', target: id, text: `start ${type}`, by })
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
      const answer = await client.start(id, type, params)
      const at = clock.now()
      types.add(type)
      records.add(id, [
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
      if (answer.status === 'completed_immediately') await this.#outcomes.read(id)
      else this.#tasks.runs(id)
      return { id, command }
    } catch (error) {
      const failed = ledger.fail(command, commandError(error))
      if (failed.error?.outcome === 'not-answered' && !known) {
        // It may run: it stands in the book, and the next list that is read says what became of it.
        unsureStarts.add(id, failed)
        records.add(id, [
          {
            k: 'started',
            at: clock.now(),
            origin: 'command',
            status: null,
            type,
            params,
            ...(batch ? { batch } : {}),
          },
        ])
        polls.now()
      }
      // A refusal may have made a task all the same, and used its id (LabDaemon wire contract §5.9).
      if (!known && failed.error?.status === 400) await this.#outcomes.read(id, { type, params })
      return { id, command: failed }
    }
  }

  steer(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    return this.#command(verb, id, verb, by, async () => {
      await this.#lab.client.steer(id, verb)
    })
  }

  async setParameter(id: string, key: string, value: unknown, by: Author): Promise<Command> {
    const command = await this.#command(
      'parameter',
      id,
      `set ${key} = ${stringifyExact(value)}`,
      by,
      async () => {
        await this.#lab.client.setParameter(id, key, value)
      },
    )
    if (command.acceptedAt === null) return command
    const { ledger } = this.#lab.context
    const confirmed = ledger.effect(command, command.acceptedAt, 'confirmed by the server')
    this.#tasks.records.add(id, [
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
    const { ledger, name } = this.#lab.context
    const command = ledger.send({ source: name, verb, target: id, text, by })
    try {
      await act()
    } catch (error) {
      return ledger.fail(command, commandError(error))
    }
    const accepted = ledger.accept(command)
    if (verb === 'cancel') this.#lab.polls.now()
    return accepted
  }

  /** Pause and resume show only in whether steps come (LabDaemon wire contract §5.8). */
  confirm(task: Task): void {
    const { ledger, clock } = this.#lab.context
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
