import type { LogColumns } from '#model/log-buffer.ts'
import type {
  RowPage,
  RowQuery,
  StoreBatch,
  StoredTopic,
  StoreErrorKind,
  StoreOpened,
} from '../../record/store.ts'

/** What a thread of the store is for. */
export interface ThreadRole {
  role: 'writer' | 'reader'
  directory: string
}

/** What the thread that writes can be asked. */
export interface WriterCalls {
  open(): StoreOpened
  write(batch: StoreBatch): void
  remove(address: string): void
  close(): void
}

/** What the thread that reads can be asked. */
export interface ReaderCalls {
  open(): void
  rows(query: RowQuery): RowPage
  addresses(kind: string): { address: string; ended: boolean }[]
  topic(address: string): StoredTopic | null
  lines(address: string, from: number, to: number, most: number, chars: number): LogColumns
  text(address: string, name: string): string | null
  topics(): number
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
