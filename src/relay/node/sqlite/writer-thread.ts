import { report } from '#lib/isolate.ts'
import type { StoreBatch, StoreOpened } from '../../record/store.ts'
import { databaseIn, makeFolder } from './folder.ts'
import { FolderLock } from './lock.ts'
import { openDatabase } from './schema.ts'
import type { Sql } from './sql.ts'
import type { WriterCalls } from './thread-calls.ts'
import { Writer } from './writer.ts'

/** The thread that writes: between batches it does what can wait. */
export class WriterThread implements WriterCalls {
  readonly #directory: string
  #lock: FolderLock | undefined
  #sql: Sql | undefined
  #writer: Writer | undefined
  #chore: NodeJS.Immediate | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  open(): StoreOpened {
    makeFolder(this.#directory)
    this.#lock = new FolderLock(this.#directory)
    this.#sql = openDatabase(databaseIn(this.#directory))
    this.#writer = new Writer(this.#sql)
    const opened = this.#writer.open()
    this.#later()
    return opened
  }

  write(batch: StoreBatch): void {
    this.#writer!.write(batch)
    this.#later()
  }

  remove(address: string): void {
    this.#writer!.remove(address)
  }

  close(): void {
    clearImmediate(this.#chore)
    this.#sql?.close()
    this.#lock?.release()
  }

  /** Batches that wait go first: a chore takes a turn of its own. */
  #later(): void {
    clearImmediate(this.#chore)
    this.#chore = setImmediate(() => {
      try {
        if (this.#writer!.sealSome()) this.#later()
      } catch (error) {
        // It is tried again when there is more of it.
        report(error)
      }
    })
  }
}
