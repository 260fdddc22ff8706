import type { Fetch } from '#lib/fetch.ts'
import { isTerminal } from '#model/status.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { JobsClient } from '#protocols/jobs/client.ts'
import { SourceCommands } from '../../commands/source-commands.ts'
import { ItemFaults } from '../../item-faults.ts'
import type { SourceContext } from '../../source-adapter.ts'
import { SourceClock, timed } from '../../source-clock.ts'
import { Traffic } from '../../traffic.ts'
import { commandError } from './condition.ts'
import type { Scale } from './mapping.ts'
import type { JobsSettings } from './settings.ts'

/** What all parts of a source of jobs share: the way to its server, and the record of its jobs. Knows none of them. */
export class JobServer {
  readonly context: SourceContext
  readonly settings: JobsSettings
  readonly sourceClock: SourceClock
  readonly client: JobsClient
  readonly faults: ItemFaults
  readonly commands: SourceCommands
  readonly traffic = new Traffic()
  /** What bare numbers of progress are, as far as that is known. */
  scale: Scale = 'any'

  constructor(context: SourceContext, settings: JobsSettings, fetch: Fetch) {
    const { clock, secrets } = context
    this.context = context
    this.settings = settings
    this.sourceClock = new SourceClock(context)
    this.client = new JobsClient(timed(fetch, settings.url, this.sourceClock, clock), clock, secrets)
    this.faults = new ItemFaults(context)
    this.commands = new SourceCommands(context, { commandError })
  }

  get(id: string): Task | undefined {
    const { book, name } = this.context
    return book.get(name, id)
  }

  /** Enters events of a job; its end is the effect of a cancel that was accepted. */
  add(id: string, events: readonly TaskEvent[]): Task {
    const { book, name } = this.context
    for (const { k } of events) if (k === 'gap') this.traffic.gaps += 1
    const task = book.record(name, 'jobs', id, events)
    if (isTerminal(task.status) && task.status !== 'lost')
      for (const command of task.detail.commands)
        if (command.verb === 'cancel' && command.acceptedAt !== null && command.effectiveAt === null)
          this.commands.effect(command, `ended: ${task.status}`, task.endedAt ?? task.statusAt)
    return task
  }
}
