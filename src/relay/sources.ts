import type { Source } from '#model/source.ts'
import { SOURCE } from '#topics/rows.ts'
import { logSource, type Log } from './log.ts'
import type { TopicRecord } from './record/record.ts'

/** The condition of each configured source. */
export class Sources {
  readonly #record: TopicRecord
  readonly #log: Log

  constructor(record: TopicRecord, log: Log) {
    this.#record = record
    this.#log = log
  }

  get(name: string): Source | undefined {
    return this.#record.get(SOURCE, name, name) ?? undefined
  }

  values(): Source[] {
    return this.#record.all(SOURCE).flatMap(({ state }) => (state ? [state as Source] : []))
  }

  set(source: Source): void {
    const { name } = source
    this.#record.append(SOURCE, { source: name, id: name }, [{ k: 'is', row: source }], false)
  }

  /** Enters news of a source's condition; what is no news is left alone. */
  report(name: string, patch: Partial<Source>): void {
    const before = this.get(name)!
    const changed = Object.entries(patch).filter(
      ([key, value]) => JSON.stringify(before[key as keyof Source]) !== JSON.stringify(value),
    )
    if (changed.length === 0) return
    const since = patch.state && patch.state !== before.state ? this.#record.clock.now() : before.since
    const source = { ...before, ...Object.fromEntries(changed), since }
    this.set(source)
    logSource(this.#log, before.state, source)
  }
}
