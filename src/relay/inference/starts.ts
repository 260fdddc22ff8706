import { sleep } from '#lib/clock.ts'
import { Turns } from '#lib/turns.ts'
import type { Author } from '#model/author.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { RunRequest } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import { timeOf } from '#protocols/inference/values.ts'
import type { TaskStart, TaskStarted } from '../source-adapter.ts'
import type { Cloud } from './cloud.ts'
import { commandError } from './command-error.ts'

/** Starts of batches sent at once, and how often one is sent anew because there were too many. */
const STARTS_AT_ONCE = 8
const MOST_STARTS = 10
/** Without `Retry-After`: the first wait for the limit on starts and the longest, ms. */
const WAIT_MS = { first: 1_000, most: 30_000 }
/** While the limit on starts is waited for, it is looked so often whether the start is still wanted, ms. */
const LOOK_MS = 5_000

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
    const { client, context, records, sourceClock } = this.#cloud
    const { ledger, clock, name } = context
    const { type, params, batch, options = {} } = start
    const command = ledger.send({ source: name, verb: 'start', target: start.id, text: `run ${type}`, by })
    // Weir's own, not the service's.
    const { cancel_after: _, ...told } = options
    const request: RunRequest = { ...(told as Partial<RunRequest>), app: type, input: params }
    const sentAt = clock.now()
    try {
      const answer =
        start.isWanted === undefined
          ? await client.run(request)
          : await this.#turns.run(() => this.#startOfBatch(request, start))
      if (answer === null)
        return {
          id: start.id,
          command: ledger.fail(command, {
            outcome: 'not-sent',
            status: null,
            type: 'NotWanted',
            message: 'not started: it was cancelled before its turn came',
            owner: null,
          }),
        }
      const { run, notices } = answer
      const madeAt = timeOf(run.created_at)
      if (madeAt !== null) sourceClock.measure('body', madeAt, 0, sentAt)
      records.add(run.id, [
        {
          k: 'started',
          at: clock.now(),
          origin: 'command',
          type,
          params,
          status: null,
          ...(batch ? { batch } : {}),
        },
        // For "Run again": the service tells some of it, and names an app without its version.
        { k: 'meta', at: clock.now(), meta: { asked: { app: type, ...options } } },
        ...notices.map((notice): TaskEvent => ({
          k: 'lines',
          at: clock.now(),
          kind: 'note',
          texts: [notice.message],
        })),
      ])
      const accepted = ledger.accept(command, run.id)
      return { id: run.id, command: ledger.effect(accepted, clock.now(), 'the service took the run') }
    } catch (error) {
      return { id: start.id, command: ledger.fail(command, commandError(error)) }
    }
  }

  /** One start of many, in its turn: null when it is not wanted any more. */
  async #startOfBatch(request: RunRequest, { isWanted }: TaskStart) {
    const { client, context, stop } = this.#cloud
    const { clock } = context
    const isOff = () => stop.signal.aborted || isWanted?.() === false
    for (let tries = 0; ; tries++) {
      for (let left = this.#left; left > 0 && !isOff(); left = this.#left)
        await sleep(clock, Math.min(left, LOOK_MS), stop.signal).catch(() => undefined)
      if (isOff()) return null
      try {
        return await client.run(request)
      } catch (error) {
        if (!(error instanceof InferenceError) || error.kind !== 'rate' || tries >= MOST_STARTS) throw error
        const wait = error.retryAfterMs ?? Math.min(WAIT_MS.most, WAIT_MS.first * 2 ** tries)
        this.#openAt = Math.max(this.#openAt, clock.monotonic() + wait)
      }
    }
  }

  get #left(): number {
    return this.#openAt - this.#cloud.context.clock.monotonic()
  }
}
