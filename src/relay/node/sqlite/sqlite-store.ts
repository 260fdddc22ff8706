import type { LogColumns } from '#model/log-buffer.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'
import type {
  Store,
  Evicted,
  RetentionLimits,
  RowPage,
  RowQuery,
  SamplePage,
  SampleRange,
  StoreBatch,
  StoredTopic,
  StoreOpened,
  StoreUsage,
} from '../../record/store.ts'
import { messageOf } from './batch-message.ts'
import { bytesIn } from './folder.ts'
import type { KnownSource } from './source-table.ts'
import type { ReaderCalls, WriterCalls } from './thread-calls.ts'
import { ThreadLink } from './thread-link.ts'

export interface SqliteStoreOptions {
  /** Is made by `open` when it is not there. */
  directory: string
  /** The sources that are watched; `open` throws when one is another than that of its name in the record. */
  sources?: readonly KnownSource[]
  /** Names of sources that may be. */
  moved?: readonly string[]
}

/**
 * The record in a folder on disk. Nothing happens on the caller's thread but the passing of messages: one thread
 * writes, a second one reads beside it.
 */
export class SqliteStore implements Store {
  readonly #directory: string
  readonly #sources: readonly KnownSource[]
  readonly #moved: readonly string[]
  readonly #writer: ThreadLink<WriterCalls>
  readonly #reader: ThreadLink<ReaderCalls>

  constructor({ directory, sources = [], moved = [] }: SqliteStoreOptions) {
    this.#directory = directory
    this.#sources = sources
    this.#moved = moved
    this.#writer = new ThreadLink({ role: 'writer', directory })
    this.#reader = new ThreadLink({ role: 'reader', directory })
  }

  async open(): Promise<StoreOpened> {
    try {
      const opened = await this.#writer.ask('open', this.#sources, this.#moved)
      await this.#reader.ask('open')
      return opened
    } catch (error) {
      await this.#end()
      throw error
    }
  }

  write(batch: StoreBatch): Promise<void> {
    const message = messageOf(batch)
    return this.#writer.askMoving([message.numbers.buffer], 'write', message)
  }

  rows(query: RowQuery): Promise<RowPage> {
    return this.#reader.ask('rows', query)
  }

  addresses(kind: string): Promise<string[]> {
    return this.#reader.ask('addresses', kind)
  }

  topic(address: string): Promise<StoredTopic | null> {
    return this.#reader.ask('topic', address)
  }

  topics(addresses: readonly string[]): Promise<StoredTopic[]> {
    return this.#reader.ask('manyTopics', addresses)
  }

  lines(address: string, from: number, to: number, most: number, chars: number): Promise<LogColumns> {
    return this.#reader.ask('lines', address, from, to, most, chars)
  }

  samples(address: string, range: SampleRange): Promise<SamplesAnswer> {
    return this.#reader.ask('samples', address, range)
  }

  sampleRuns(address: string, range: Omit<SampleRange, 'points'>, after: number | null): Promise<SamplePage> {
    return this.#reader.ask('sampleRuns', address, range, after)
  }

  text(address: string, name: string): Promise<string | null> {
    return this.#reader.ask('text', address, name)
  }

  remove(address: string): Promise<void> {
    return this.#writer.ask('remove', address)
  }

  /** In steps, between which batches are written. */
  async retain(limits: RetentionLimits): Promise<Evicted[]> {
    const evicted: Evicted[] = []
    for (;;) {
      const step = await this.#writer.ask('retainSome', limits)
      evicted.push(...step.evicted)
      if (!step.more) return evicted
    }
  }

  /** By a thread of its own, so that reading goes on. */
  async backup(directory: string): Promise<void> {
    await backupRecord(this.#directory, directory)
  }

  async usage(): Promise<StoreUsage> {
    const topics = await this.#reader.ask('topics')
    return { place: this.#directory, bytes: bytesIn(this.#directory), topics }
  }

  async close(): Promise<void> {
    try {
      await this.#reader.ask('close')
      await this.#writer.ask('close')
    } finally {
      await this.#end()
    }
  }

  async #end(): Promise<void> {
    await Promise.all([this.#writer.end(), this.#reader.end()])
  }
}

/** Copies the record of a folder into another one, also while Weir writes it. Throws StoreError. */
export async function backupRecord(from: string, to: string): Promise<void> {
  const reader = new ThreadLink<ReaderCalls>({ role: 'reader', directory: from })
  try {
    await reader.ask('open')
    await reader.ask('backup', to)
    await reader.ask('close')
  } finally {
    await reader.end()
  }
}
