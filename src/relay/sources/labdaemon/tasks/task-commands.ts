import { stringifyExact } from '#lib/exact-json.ts'
import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import { pauseGrace } from '#model/reduce-task.ts'
import type { Task } from '#model/task.ts'
import { CommandFailure, NOT_WANTED, type Asked } from '../../../commands/source-commands.ts'
import type { TaskStart, TaskStarted } from '../../../source-adapter.ts'
import type { Lab } from '../lab.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import type { LabTasks } from './lab-tasks.ts'
import type { TaskOutcomes } from './task-outcomes.ts'

/** Commands to the tasks of a LabDaemon, and what became of them as far as that can be seen. */
export class TaskCommands {
  readonly #lab: Lab
  readonly #tasks: LabTasks
  readonly #outcomes: TaskOutcomes
  readonly #starts = new OneAtATime()

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
    const { client, commands, polls } = this.#lab
    const { records, unsureStarts } = this.#tasks
    const { id, type, params } = start
    const known = records.get(id) !== undefined
    const asked: Asked = { verb: 'start', target: id, text: `start ${type}`, by }
    const { command, answer } = await commands.carryOut(asked, async () => {
      if (start.isWanted?.() === false) throw new CommandFailure(NOT_WANTED)
      const { device_ids: deviceIds, status } = await client.start(id, type, params)
      this.#tasks.types.add(type)
      this.#enter(start, { deviceIds })
      return status
    })
    if (answer !== undefined) {
      const effective = commands.effect(command, `the server says ${answer.replaceAll('_', ' ')}`)
      if (answer === 'completed_immediately') await this.#outcomes.read(id)
      else this.#tasks.runs(id)
      return { id, command: effective }
    }
    if (command.error?.outcome === 'not-answered' && !known) {
      // It may run: it stands in the book, and the next list that is read says what became of it.
      unsureStarts.add(id, command)
      this.#enter(start, { status: null })
      polls.now()
    }
    // A refusal may have made a task all the same, and used its id (LabDaemon wire contract §5.9).
    if (!known && command.error?.status === 400) await this.#outcomes.read(id, { type, params })
    return { id, command }
  }

  /** Enters that a task was started. @param told what is known of it beside what was asked */
  #enter({ id, type, params, batch }: TaskStart, told: { deviceIds?: string[]; status?: null }): void {
    const at = this.#lab.context.clock.now()
    const asked = { type, params, ...(batch ? { batch } : {}) }
    this.#tasks.records.add(id, [{ k: 'started', at, origin: 'command', ...asked, ...told }])
  }

  async steer(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command> {
    const { client, commands, polls } = this.#lab
    const { command } = await commands.carryOut({ verb, target: id, text: verb, by }, () =>
      client.steer(id, verb),
    )
    if (verb === 'cancel' && command.acceptedAt !== null) polls.now()
    return command
  }

  async setParameter(id: string, key: string, value: unknown, by: Author): Promise<Command> {
    const { client, commands } = this.#lab
    const text = `set ${key} = ${stringifyExact(value)}`
    const { command } = await commands.carryOut({ verb: 'parameter', target: id, text, by }, () =>
      client.setParameter(id, key, value),
    )
    const at = command.acceptedAt
    if (at === null) return command
    const confirmed = commands.effect(command, 'confirmed by the server', at)
    this.#tasks.records.add(id, [{ k: 'command', at, command: confirmed, setting: { key, value } }])
    return confirmed
  }

  /** Pause and resume show only in whether steps come (LabDaemon wire contract §5.8). */
  confirm(task: Task): void {
    const { commands, context } = this.#lab
    const now = context.clock.now()
    for (const command of task.detail.commands) {
      if (command.acceptedAt === null || command.effectNote !== null) continue
      const waited = now - command.acceptedAt
      const eventAt = task.eventAt ?? 0
      if (command.verb === 'pause' && waited > pauseGrace(task)) {
        if (task.eventAt === null) commands.noEffect(command, 'the server cannot confirm a pause')
        else if (task.status === 'paused') commands.infer(command, 'no step since')
        else commands.noEffect(command, 'steps went on: the task did not honour it, or someone resumed it')
      } else if (command.verb === 'resume') {
        if (eventAt > command.acceptedAt) commands.infer(command, 'steps arrive again')
        else if (task.eventAt === null && waited > pauseGrace(task))
          commands.noEffect(command, 'the server cannot confirm a resume')
      }
    }
  }
}
