import { inBackground } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { Listed } from '#protocols/labdaemon/client.ts'
import type { TaskRow } from '#protocols/labdaemon/schemas.ts'
import type { Lab } from '../lab.ts'
import { isAnotherServer } from '../restarts.ts'
import type { LabTasks } from './lab-tasks.ts'
import type { TaskOutcomes } from './task-outcomes.ts'

/** What happened to the server before a list was read. */
interface Away {
  /** When that began, ms of the monotonic clock. */
  since: number
  wasDown: boolean
  /** The list is another server's. */
  isAnother: boolean
}

/** Enters what a server's list says of its tasks: which are new, which run, and which it has no more. */
export class TaskList {
  readonly #lab: Lab
  readonly #tasks: LabTasks
  readonly #outcomes: TaskOutcomes

  constructor(lab: Lab, tasks: LabTasks, outcomes: TaskOutcomes) {
    this.#lab = lab
    this.#tasks = tasks
    this.#outcomes = outcomes
  }

  /** Tasks run: the list is to be read more often. */
  get isBusy(): boolean {
    return this.#tasks.followed > 0
  }

  /** @param askedAt when the list was asked for, ms since epoch: what began later cannot be in it */
  listed({ rows, unread }: Listed<TaskRow>, askedAt: number): void {
    const { context, server } = this.#lab
    const at = context.clock.now()
    const faults = this.#lab.faults.list('task', unread)
    // Of what could not be read nobody knows that it has gone.
    const listed = new Set([...unread.map(({ item }) => item), ...rows.map(({ task_id: id }) => id)])
    const known = this.#tasks.records.onServer()
    const gone = known.filter(
      ({ id, startedAt, firstSeenAt }) => !listed.has(id) && (startedAt ?? firstSeenAt) < askedAt,
    )
    const running = rows.filter((row) => row.running).length
    const { since, wasDown } = server.listed()
    const isAnother = isAnotherServer(gone.filter((task) => this.#wasListed(task)).length, {
      before: known.filter(({ status }) => status !== 'lost' && isTerminal(status)).length,
      now: rows.length + unread.length - running,
    })
    if (isAnother) server.restarted(since)
    for (const row of rows)
      faults.of(row.task_id, () => {
        this.#take(row, at, askedAt, { since, wasDown, isAnother })
      })
    for (const { id, status } of gone)
      faults.of(id, () => {
        // Those that had ended were forgotten, those that ran were lost with their server.
        if (isTerminal(status)) this.#tasks.records.add(id, [{ k: 'forgotten', at }])
        else inBackground(this.#outcomes.read(id))
      })
    faults.tell()
    this.#tasks.listed(askedAt)
    context.report({ taskTypes: this.#tasks.types.suggested, tasksReadAt: at })
  }

  /** Enters one task that was read alone. @param askedAt when it was asked for, ms since epoch */
  found(row: TaskRow, askedAt: number): void {
    const { clock } = this.#lab.context
    this.#take(row, clock.now(), askedAt, { since: clock.monotonic(), wasDown: false, isAnother: false })
  }

  /** False for one that was lost, or perhaps never begun: it was not in the list before. */
  #wasListed({ id, status }: Task): boolean {
    return status !== 'lost' && !this.#tasks.unsureStarts.has(id)
  }

  #take({ task_id: id, task_type: type, running }: TaskRow, at: number, askedAt: number, away: Away): void {
    const { records, types, unsureStarts } = this.#tasks
    types.add(type)
    if (running) this.#tasks.listedRunning(id, askedAt)
    unsureStarts.found(id, running)
    const task = records.get(id)
    if (!task) {
      records.add(id, [{ k: 'started', at, origin: 'poll', type, ...(running ? {} : { status: null }) }])
      if (running) this.#tasks.runs(id)
      else inBackground(this.#outcomes.read(id))
    } else if (running) {
      if (isTerminal(task.status)) {
        if ((task.endedAt ?? 0) < askedAt && !this.#tasks.isSameRun(task))
          records.add(id, [{ k: 'started', at, origin: 'poll', type }])
      } else if (away.isAnother || away.wasDown) this.#tasks.doubt(task, away.since, away.isAnother)
      this.#tasks.runs(id)
    } else if (!isTerminal(task.status)) inBackground(this.#outcomes.read(id))
  }
}
