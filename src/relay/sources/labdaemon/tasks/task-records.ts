import type { Command } from '#model/command.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { Lab } from '../lab.ts'

export type Outcome = Extract<TaskEvent, { k: 'outcome' }>

/** The record of one server's tasks: all that becomes known of them enters here. */
export class TaskRecords {
  readonly #lab: Lab

  constructor(lab: Lab) {
    this.#lab = lab
  }

  get(id: string): Task | undefined {
    const { book, name } = this.#lab.context
    return book.get(name, id)
  }

  /** Tasks that the server has, or had when it was last heard of them. */
  onServer(): Task[] {
    const { book, name } = this.#lab.context
    return book.tasksOf(name).filter(({ onServer }) => onServer)
  }

  add(id: string, events: readonly TaskEvent[]): Task {
    const { context, traffic } = this.#lab
    for (const event of events) if (event.k === 'gap') traffic.gaps += 1
    return context.book.record(context.name, 'labdaemon', id, events)
  }

  /** Enters how a run ended, and what that means for the commands it was given. */
  end(id: string, outcome: Outcome): Task {
    const task = this.add(id, [outcome])
    for (const command of task.detail.commands)
      if (isOpen(command)) {
        const { commands } = this.#lab
        if (command.verb === 'cancel') commands.effect(command, `ended: ${outcome.status}`, outcome.endedAt)
        else commands.noEffect(command, 'the task ended before an effect was seen')
      }
    return task
  }
}

/** It was accepted, and what it did was not seen. */
function isOpen({ acceptedAt, effectiveAt, effectNote, verb }: Command): boolean {
  return acceptedAt !== null && effectiveAt === null && (verb === 'cancel' || effectNote === null)
}
