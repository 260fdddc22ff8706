import Database from 'libsql'
import { StoreError } from '../../record/store.ts'
import { escapeText, unescapeText } from './escape.ts'
import { storeErrorOf } from './sqlite-error.ts'

/** What can be bound and read. Numbers are doubles; NaN is not one that SQLite keeps: it becomes null. */
export type SqlValue = string | number | null | Uint8Array

/** How long a statement waits for another connection, ms. */
const BUSY_MS = 10_000
/** Memory for pages, kB. */
const CACHE_KB = 8_192

type Statement = Database.Statement

/**
 * A connection to a database file, and the only place where statements are run: what the driver does not survive
 * does not get there. It aborts the process for a Buffer or a boolean in a wrong place, cuts texts at a NUL, and
 * leaves a statement open, with its locks, that is not read to its end.
 */
export class Sql {
  readonly #db: Database.Database
  readonly #path: string
  readonly #statements = new Map<string, Statement>()

  /** Opens a file, or makes it. Throws StoreError. */
  constructor(path: string) {
    this.#path = path
    try {
      this.#db = new Database(path)
      this.all(`PRAGMA busy_timeout = ${BUSY_MS}`)
      this.run('PRAGMA foreign_keys = ON')
      this.run(`PRAGMA cache_size = -${CACHE_KB}`)
    } catch (error) {
      throw storeErrorOf(error, path)
    }
  }

  /** Runs a statement that gives no rows. */
  run(sql: string, values: readonly SqlValue[] = []): { changes: number; id: number } {
    try {
      const { changes, lastInsertRowid } = this.#statement(sql).run(values.map(bound))
      return { changes, id: Number(lastInsertRowid) }
    } catch (error) {
      throw storeErrorOf(error, this.#path)
    }
  }

  /** All rows of a statement, each an array of its columns. */
  all<Row extends SqlValue[]>(sql: string, values: readonly SqlValue[] = []): Row[] {
    try {
      const rows = this.#statement(sql).all(values.map(bound)) as unknown[][]
      for (const row of rows) for (let i = 0; i < row.length; i++) row[i] = read(row[i])
      return rows as Row[]
    } catch (error) {
      throw storeErrorOf(error, this.#path)
    }
  }

  /** The first row of a statement; undefined when there is none. */
  first<Row extends SqlValue[]>(sql: string, values: readonly SqlValue[] = []): Row | undefined {
    return this.all<Row>(sql, values)[0]
  }

  /** Runs several statements that give no rows. */
  script(sql: string): void {
    try {
      this.#db.exec(sql)
    } catch (error) {
      throw storeErrorOf(error, this.#path)
    }
  }

  /** All that `act` writes is written when it returns, nothing of it when it throws. */
  writing<T>(act: () => T): T {
    return this.#within('BEGIN IMMEDIATE', act)
  }

  /**
   * The same, where nothing is lost when a power cut takes it back: it need not wait for the disk. What is written
   * afterwards by `writing` does not outlive it.
   */
  rewriting<T>(act: () => T): T {
    this.run('PRAGMA synchronous = NORMAL')
    try {
      return this.writing(act)
    } finally {
      this.run('PRAGMA synchronous = FULL')
    }
  }

  /** All that `act` reads is of one moment. */
  reading<T>(act: () => T): T {
    return this.#within('BEGIN', act)
  }

  close(): void {
    this.#statements.clear()
    this.#db.close()
  }

  #within<T>(begin: string, act: () => T): T {
    this.run(begin)
    try {
      const result = act()
      this.run('COMMIT')
      return result
    } catch (error) {
      // Some faults have ended it already.
      if (this.#db.inTransaction) this.run('ROLLBACK')
      throw error
    }
  }

  #statement(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#db.prepare(sql)
      if (statement.reader) statement.raw(true)
      this.#statements.set(sql, statement)
    }
    return statement
  }
}

function bound(value: SqlValue): SqlValue {
  if (typeof value === 'string') return escapeText(value)
  if (typeof value === 'number' || value === null || value instanceof Uint8Array) return value
  throw new StoreError('failed', `a ${typeof value} cannot be written`)
}

function read(value: unknown): SqlValue {
  if (typeof value === 'string') return unescapeText(value)
  return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as SqlValue)
}
