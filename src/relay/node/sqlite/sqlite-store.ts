import type { LogColumns } from '#model/log-buffer.ts'
import type {
  RowPage,
  RowQuery,
  StoreBatch,
  StoredTopic,
  StoreOpened,
  StoreUsage,
} from '../../record/store.ts'
import { bytesIn } from './folder.ts'
import type { ReaderCalls, WriterCalls } from './thread-calls.ts'
import { ThreadLink } from './thread-link.ts'

/**
 * The record in a folder on disk. Nothing happens on the caller's thread but the passing of messages: one thread
 * writes, a second one reads beside it.
 */
export class SqliteStore {
  readonly #directory: string
  readonly #writer: ThreadLink<WriterCalls>
  readonly #reader: ThreadLink<ReaderCalls>

  /** @param directory is made by `open` when it is not there */
  constructor(directory: string) {
    this.#directory = directory
    this.#writer = new ThreadLink({ role: 'writer', directory })
    this.#reader = new ThreadLink({ role: 'reader', directory })
  }

  async open(): Promise<StoreOpened> {
    try {
      const opened = await this.#writer.ask('open')
      await this.#reader.ask('open')
      return opened
    } catch (error) {
      await this.#end()
      throw error
    }
  }

  write(batch: StoreBatch): Promise<void> {
    return this.#writer.ask('write', batch)
  }

  rows(query: RowQuery): Promise<RowPage> {
    return this.#reader.ask('rows', query)
  }

  addresses(kind: string): Promise<{ address: string; ended: boolean }[]> {
    return this.#reader.ask('addresses', kind)
  }

  topic(address: string): Promise<StoredTopic | null> {
    return this.#reader.ask('topic', address)
  }

  lines(address: string, from: number, to: number, most: number, chars: number): Promise<LogColumns> {
    return this.#reader.ask('lines', address, from, to, most, chars)
  }

  text(address: string, name: string): Promise<string | null> {
    return this.#reader.ask('text', address, name)
  }

  remove(address: string): Promise<void> {
    return this.#writer.ask('remove', address)
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
