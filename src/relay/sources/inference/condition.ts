import { formatRoughly } from '#lib/format.ts'
import { report } from '#lib/isolate.ts'
import type { Source } from '#model/source.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { SourceContext } from '../../source-adapter.ts'
import { sentence } from './command-error.ts'
import type { RequestLimit } from './request-limit.ts'
import { QUIET_MS, STALLED_MS } from './silence-watch.ts'

type Said = Pick<Source, 'state' | 'detail'>

const SILENT: Said = {
  state: 'not_answering',
  detail: `Nothing has come for more than ${STALLED_MS / 1_000} s: no heartbeat on its streams, no answer to a question.`,
}

/**
 * The condition of an inference.sh source, out of three things: what its lists answered, whether anything comes at
 * all (by the monotonic clock), and the limit of its key.
 */
export class Condition {
  readonly #context: Pick<SourceContext, 'clock' | 'report'>
  readonly #limit: RequestLimit
  #said: Said = { state: 'connecting', detail: 'Connecting' }
  /** When anything came last, monotonic ms. */
  #heardAt: number
  #silent = false
  /** It was said since when nothing came. */
  #quiet = false
  #failures = 0
  #open = 0

  constructor(context: Pick<SourceContext, 'clock' | 'report'>, limit: RequestLimit) {
    this.#context = context
    this.#limit = limit
    this.#heardAt = context.clock.monotonic()
  }

  /** Anything came: bytes of a stream, an answer. */
  heard(): void {
    this.#heardAt = this.#context.clock.monotonic()
    if (this.#quiet) {
      this.#quiet = false
      this.#context.report({ quietSince: null })
    }
    if (!this.#silent) return
    this.#silent = false
    this.#context.report(this.#said)
  }

  /** @returns true when it had failed before */
  answered(latencyMs: number): boolean {
    this.heard()
    const { clock, report } = this.#context
    this.#said = { state: 'ok', detail: 'Connected' }
    report({ ...this.#said, latencyMs, tasksReadAt: clock.now() })
    const failed = this.#failures > 0
    this.#failures = 0
    return failed
  }

  /** The lists could not be read. */
  failed(error: unknown): void {
    const { clock } = this.#context
    const text = error instanceof Error ? error.message : String(error)
    this.#failures += 1
    if (error instanceof InferenceError) {
      if (error.status !== null) this.heard()
      this.#said = { state: stateOf(error), detail: `${sentence(error.message)} ${error.advice}` }
    } else {
      // A fault of Weir's own must not end the watch, and must not look like the service's.
      report(error)
      this.#said = { ...this.#said, detail: `Weir failed at reading its list: ${sentence(text)}` }
    }
    this.#context.report({ ...this.#said, lastError: { at: clock.now(), text } })
    this.#tell()
  }

  /**
   * Looks whether it is silent, and whether its limit is reached.
   * @param open streams that are connected
   * @param pendingMs how long the oldest question has been waiting, ms
   */
  everySecond(open: number, pendingMs: number): void {
    this.#open = open
    const { clock, report } = this.#context
    const quietMs = clock.monotonic() - this.#heardAt
    if (!this.#quiet && open > 0 && quietMs >= QUIET_MS) {
      this.#quiet = true
      report({ quietSince: clock.now() - quietMs })
    }
    this.#silent = this.#said.state === 'ok' && this.#isQuiet && (open > 0 || pendingMs >= STALLED_MS)
    this.#tell()
  }

  get #isQuiet(): boolean {
    return this.#context.clock.monotonic() - this.#heardAt >= STALLED_MS
  }

  #tell(): void {
    const { report } = this.#context
    const { state } = this.#said
    const { waitMs, askedMs } = this.#limit
    if (this.#silent) report(SILENT)
    else if (waitMs > 0 && (state === 'ok' || state === 'not_answering'))
      report({
        state: this.#open > 0 && !this.#isQuiet ? 'ok' : 'not_answering',
        // Not what is left of it: a line that counts down is no news.
        detail: `Too many requests: the limit of the key is reached. All polls and new streams wait ${formatRoughly(askedMs)}; open streams go on.`,
      })
    else report(this.#said)
  }
}

function stateOf(error: InferenceError): Source['state'] {
  if (error.kind === 'unreachable') return 'unreachable'
  if (error.kind === 'foreign' || error.kind === 'redirect' || error.kind === 'missing') return 'wrong'
  return error.passing ? 'not_answering' : 'refused'
}
