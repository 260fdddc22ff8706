import type { SamplesAnswer } from '#protocols/weir/api.ts'
import type { LogColumns } from '#model/log-buffer.ts'
import type {
  RetentionLimits,
  RowPage,
  RowQuery,
  SamplePage,
  SampleRange,
  StoredTopic,
  StoreErrorKind,
  StoreOpened,
} from '../../record/store.ts'

import type { BatchMessage } from './batch-message.ts'
import type { KnownSource } from './source-table.ts'
import type { RetainedSome } from './retention.ts'

/** What a thread of the store is for. */
export interface ThreadRole {
  role: 'writer' | 'reader'
  directory: string
}

/** What the thread that writes can be asked. */
export interface WriterCalls {
  open(sources: readonly KnownSource[], moved: readonly string[]): StoreOpened
  write(batch: BatchMessage): void
  remove(address: string): void
  retainSome(limits: RetentionLimits): RetainedSome
  close(): void
}

/** What the thread that reads can be asked. */
export interface ReaderCalls {
  open(): void
  rows(query: RowQuery): RowPage
  addresses(kind: string): string[]
  topic(address: string): StoredTopic | null
  manyTopics(addresses: readonly string[]): StoredTopic[]
  lines(address: string, from: number, to: number, most: number, chars: number): LogColumns
  samples(address: string, range: SampleRange): SamplesAnswer
  sampleRuns(address: string, range: Omit<SampleRange, 'points'>, after: number | null): SamplePage
  text(address: string, name: string): string | null
  topics(): number
  backup(directory: string): void
  close(): void
}

export interface Question {
  id: number
  name: string
  args: unknown[]
}

export type Answer = { id: number } & (
  { value: unknown } | { error: { kind: StoreErrorKind; message: string } }
)
