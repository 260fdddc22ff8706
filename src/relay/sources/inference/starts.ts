import { backOffMs } from '#lib/backoff.ts'
import { sleep } from '#lib/clock.ts'
import { Turns } from '#lib/turns.ts'
import type { Author } from '#model/author.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { InferenceClient, RunRequest } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import { timeOf } from '#protocols/inference/values.ts'
import { CommandFailure, NOT_WANTED, type Asked } from '../../commands/source-commands.ts'
import type { TaskStart, TaskStarted } from '../../source-adapter.ts'
import type { Cloud } from './cloud.ts'

/** Starts of batches sent at once, and how often one is sent anew because there were too many. */
const STARTS_AT_ONCE = 8
const MOST_STARTS = 10
/** Without `Retry-After`: the first wait for the limit on starts and the longest, ms. */
const WAIT_MS = { first: 1_000, most: 30_000 }
/** While the limit on starts is waited for, it is looked so often whether the start is still wanted, ms. */
const LOOK_MS = 5_000

type RunStarted = Awaited<ReturnType<InferenceClient['run']>>

/** Starts runs. Those of a batch wait for the service's limit on starts, which is apart from that on reads. */
export class Starts {
  readonly #cloud: Cloud
  readonly #turns = new Turns(STARTS_AT_ONCE)
  /** When the next start of a batch may be sent, monotonic ms. */
  #openAt = -Infinity

  constructor(cloud: Cloud) {
    this.#cloud = cloud
  }

  async start(start: TaskStart, by: Author): Promise<TaskStarted> {
    const { client, commands, context } = this.#cloud
    const { type, params, options = {} } = start
    // Weir's own, not the service's.
    const { cancel_after: _, ...told } = options
    const request: RunRequest = { ...(told as Partial<RunRequest>), app: type, input: params }
    const asked: Asked = { verb: 'start', target: start.id, text: `run ${type}`, by }
    const { command, answer: id } = await commands.carryOut(
      asked,
      async () => {
        const sentAt = context.clock.now()
        const started =
          start.isWanted === undefined
            ? await client.run(request)
            : await this.#turns.run(() => this.#startOfBatch(request, start))
        this.#enter(start, started, sentAt)
        return started.run.id
      },
      (run) => run,
    )
    if (id === undefined) return { id: start.id, command }
    return { id, command: commands.effect(command, 'the service took the run') }
  }

  /** Enters what the service said of a new run. @param sentAt when it was asked to make it, ms since epoch */
  #enter(
    { type, params, batch, options = {} }: TaskStart,
    { run, notices }: RunStarted,
    sentAt: number,
  ): void {
    const { context, records, sourceClock } = this.#cloud
    const at = context.clock.now()
    const madeAt = timeOf(run.created_at)
    if (madeAt !== null) sourceClock.measure('body', madeAt, 0, sentAt)
    const asked = { type, params, ...(batch ? { batch } : {}) }
    records.add(run.id, [
      { k: 'started', at, origin: 'command', status: null, ...asked },
      // For "Run again": the service tells some of it, and names an app without its version.
      { k: 'meta', at, meta: { asked: { app: type, ...options } } },
      ...notices.map(({ message }): TaskEvent => ({ k: 'lines', at, kind: 'note', texts: [message] })),
    ])
  }

  /** One start of many, in its turn. Throws CommandFailure when it is not wanted any more. */
  async #startOfBatch(request: RunRequest, { isWanted }: TaskStart): Promise<RunStarted> {
    const { client, context, stop } = this.#cloud
    const { clock } = context
    const isOff = () => stop.signal.aborted || isWanted?.() === false
    for (let tries = 0; ; tries++) {
      for (let left = this.#left; left > 0 && !isOff(); left = this.#left)
        await sleep(clock, Math.min(left, LOOK_MS), stop.signal).catch(() => undefined)
      if (isOff()) throw new CommandFailure(NOT_WANTED)
      try {
        return await client.run(request)
      } catch (error) {
        if (!(error instanceof InferenceError) || error.kind !== 'rate' || tries >= MOST_STARTS) throw error
        const wait = error.retryAfterMs ?? backOffMs(WAIT_MS, tries)
        this.#openAt = Math.max(this.#openAt, clock.monotonic() + wait)
      }
    }
  }

  get #left(): number {
    return this.#openAt - this.#cloud.context.clock.monotonic()
  }
}
