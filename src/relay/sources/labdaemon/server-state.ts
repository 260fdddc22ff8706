import type { SourceContext } from '../../source-adapter.ts'
import type { Traffic } from '../../traffic.ts'
import type { PollTimer } from './poll-timer.ts'
import { Restarts } from './restarts.ts'

/** What is known of the server itself: whether it answers, and since when it may be another one. */
export class ServerState {
  /** It answers. */
  isOk = false
  /** When it was last cut off or away, ms since epoch: it may have been another one since. */
  awayAt = -Infinity
  readonly #context: SourceContext
  readonly #polls: PollTimer
  readonly #traffic: Traffic
  readonly #restarts = new Restarts()

  constructor(context: SourceContext, polls: PollTimer, traffic: Traffic) {
    this.#context = context
    this.#polls = polls
    this.#traffic = traffic
  }

  /** A stream was lost: most often its task has just ended, or the server has. */
  streamLost(): void {
    this.#restarts.broken(this.#context.clock.monotonic())
    this.awayAt = this.#context.clock.now()
    this.#traffic.reconnects += 1
    this.#polls.now()
  }

  /** It refused a connection. */
  refused(): void {
    this.#restarts.refused(this.#context.clock.monotonic())
  }

  /** It cannot be reached. */
  unreachable(): void {
    this.awayAt = this.#context.clock.now()
  }

  /**
   * A list was read.
   * @returns what happened since the one before: `since` is when it began, ms of the monotonic clock
   */
  listed(): { since: number; wasDown: boolean } {
    return this.#restarts.listed(this.#context.clock.monotonic())
  }

  /** It is another one. @param since when the one before was lost, ms of the monotonic clock */
  restarted(since: number): void {
    this.#restarts.note(this.#context.clock.monotonic(), since)
    this.#context.report({ restarts: this.#restarts.count })
  }
}
