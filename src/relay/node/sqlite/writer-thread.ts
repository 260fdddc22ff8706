import { report } from '#lib/isolate.ts'
import { StoreError, type RetentionLimits, type StoreOpened } from '../../record/store.ts'
import { batchOf, type BatchMessage } from './batch-message.ts'
import { databaseIn, makeFolder } from './folder.ts'
import { FolderLock } from './lock.ts'
import type { RetainedSome } from './retention.ts'
import { openDatabase } from './schema.ts'
import { checkpoint, giveBackSome } from './tidying.ts'
import type { KnownSource } from './source-table.ts'
import type { Sql } from './sql.ts'
import type { WriterCalls } from './thread-calls.ts'
import { Writer } from './writer.ts'

/** How long after something was written it is tidied up, ms. */
const TIDY_MS = 10_000

/** The thread that writes: between batches it does what can wait. */
export class WriterThread implements WriterCalls {
  readonly #directory: string
  #lock: FolderLock | undefined
  #sql: Sql | undefined
  #writer: Writer | undefined
  #chore: NodeJS.Immediate | undefined
  #tidying: NodeJS.Timeout | undefined
  #wroteAt = 0

  constructor(directory: string) {
    this.#directory = directory
  }

  open(sources: readonly KnownSource[], moved: readonly string[]): StoreOpened {
    makeFolder(this.#directory)
    this.#lock = new FolderLock(this.#directory)
    try {
      this.#sql = openDatabase(databaseIn(this.#directory))
      this.#writer = new Writer(this.#sql)
      const opened = this.#writer.open(sources, moved)
      this.#later()
      return opened
    } catch (error) {
      this.#lock.release()
      throw error
    }
  }

  write(batch: BatchMessage): void {
    this.#writer!.write(batchOf(batch))
    this.#later()
  }

  remove(address: string): void {
    this.#writer!.remove(address)
    this.#later()
  }

  retainSome(limits: RetentionLimits): RetainedSome {
    const step = this.#writer!.retainSome(limits)
    this.#later()
    return step
  }

  close(): void {
    clearImmediate(this.#chore)
    clearTimeout(this.#tidying)
    if (this.#sql) {
      checkpoint(this.#sql)
      this.#sql.close()
    }
    this.#lock?.release()
  }

  /** Seals what there is enough of, and tidies up in a while. Batches that wait go first: each chore takes a turn. */
  #later(): void {
    this.#wroteAt = performance.now()
    this.#tidyLater()
    this.#next(() => this.#writer!.sealSome())
  }

  #tidyLater(): void {
    this.#tidying ??= setTimeout(() => {
      this.#tidying = undefined
      this.#tidy()
    }, TIDY_MS)
  }

  #tidy(): void {
    const quiet = performance.now() - this.#wroteAt > TIDY_MS / 2
    if (!quiet) this.#tidyLater()
    this.#next(() => {
      if (this.#writer!.sealSome() || giveBackSome(this.#sql!, quiet)) return true
      if (quiet) checkpoint(this.#sql!)
      return false
    })
  }

  /** Does a chore in turns, as long as it says that there is more of it. */
  #next(chore: () => boolean): void {
    clearImmediate(this.#chore)
    this.#chore = setImmediate(() => {
      try {
        if (chore()) this.#next(chore)
      } catch (error) {
        // It is done again after the next batch; what is in the way of both is said of the batch.
        if (!isInTheWay(error)) report(error)
      }
    })
  }
}

/** What comes from outside and may pass: a full disk, a file that may not be written to, another program. */
function isInTheWay(error: unknown): boolean {
  return error instanceof StoreError && ['full', 'readonly', 'locked'].includes(error.kind)
}
