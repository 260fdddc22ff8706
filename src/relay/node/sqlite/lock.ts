import { join } from 'node:path'
import { StoreError } from '../../record/store.ts'
import { Sql } from './sql.ts'

/**
 * Keeps a second Weir out of a folder: as long as this process lives, it holds a small database of its own, so that
 * nothing of it stays behind however the process ends. It is held for writing only, since others read from it who
 * holds it.
 */
export class FolderLock {
  readonly #sql: Sql

  /** Throws StoreError of kind `locked` when another process, or another store of this one, holds the folder. */
  constructor(directory: string) {
    const path = join(directory, 'lock.db')
    this.#sql = new Sql(path)
    this.#sql.all('PRAGMA busy_timeout = 0')
    try {
      this.#sql.writing(() => {
        this.#sql.run(
          'CREATE TABLE IF NOT EXISTS holder (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), process INTEGER NOT NULL)',
        )
        this.#sql.run('INSERT OR REPLACE INTO holder VALUES (1, ?)', [process.pid])
      })
      this.#sql.run('BEGIN IMMEDIATE')
    } catch (error) {
      if (!(error instanceof StoreError && error.kind === 'locked')) throw error
      throw new StoreError(
        'locked',
        `Another Weir (process ${this.#holder()}) keeps its record in ${directory}; end it, or choose another folder with --data.`,
      )
    }
  }

  release(): void {
    this.#sql.run('ROLLBACK')
    this.#sql.close()
  }

  #holder(): number | string {
    try {
      return this.#sql.first<[number]>('SELECT process FROM holder')?.[0] ?? 'unknown'
    } catch {
      // It is just being made.
      return 'unknown'
    }
  }
}
