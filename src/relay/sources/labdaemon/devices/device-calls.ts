import { detached } from '#lib/detached.ts'
import type { CommandError } from '#model/command.ts'
import type { Call } from '#protocols/weir/api.ts'
import { TextCache } from '../text-cache.ts'

/** Calls kept of a device. */
const KEPT = 50
/** Characters of a result that go along with its call. */
const PREVIEW = 16 * 1024
/** Characters of arguments kept of a device: they go along with every list of its calls. */
const ARGUMENTS = 256 * 1024
/** Characters of whole results kept, of all devices of a source together. */
const RESULTS = 64 * 1024 * 1024

/** What was called of the devices of a source, and what they returned. */
export class DeviceCalls {
  readonly #calls = new Map<string, Call[]>()
  /** Characters of the arguments by the call's command. */
  readonly #sizes = new Map<string, number>()
  /** Whole results by the call's command. */
  readonly #results = new TextCache(RESULTS)

  /** Newest first. */
  of(device: string): readonly Call[] {
    return this.#calls.get(device) ?? []
  }

  /** The result's JSON as the source wrote it; null when it is not kept. */
  result(device: string, command: string): string | null {
    if (!this.of(device).some((call) => call.command === command)) return null
    return this.#results.get(command) ?? null
  }

  /**
   * The oldest calls go when there are too many, or their arguments are too long together; the newest stays.
   * @param size characters of the arguments
   */
  begin(device: string, asked: Omit<Call, 'endedAt' | 'result' | 'error'>, size: number): Call {
    const call: Call = { ...asked, endedAt: null, result: null, error: null }
    const calls = [call, ...this.of(device)]
    this.#sizes.set(call.command, size)
    for (const { command } of calls.splice(this.#fitting(calls))) {
      this.#results.delete(command)
      this.#sizes.delete(command)
    }
    this.#calls.set(device, calls)
    return call
  }

  /** How many of the newest calls are within the bounds, one at least. */
  #fitting(calls: readonly Call[]): number {
    let size = 0
    const tooMany = calls.findIndex(
      ({ command }, index) =>
        index === KEPT || ((size += this.#sizes.get(command) ?? 0) > ARGUMENTS && index > 0),
    )
    return tooMany < 0 ? calls.length : tooMany
  }

  /** @returns the call as it stands now */
  end(device: string, call: Call, at: number, outcome: { result: string } | { error: CommandError }): Call {
    const ended: Call = {
      ...call,
      endedAt: at,
      ...('error' in outcome ? outcome : { result: summaryOf(outcome.result) }),
    }
    const calls = this.#calls.get(device) ?? []
    const index = calls.indexOf(call)
    // It may have been dropped meanwhile, for its age.
    if (index < 0) return ended
    calls[index] = ended
    if ('result' in outcome) this.#results.set(ended.command, outcome.result)
    return ended
  }
}

function summaryOf(json: string): NonNullable<Call['result']> {
  return { preview: json.length > PREVIEW ? detached(json.slice(0, PREVIEW)) : json, bytes: json.length }
}
