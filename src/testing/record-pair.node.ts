import { databaseIn } from '#relay/node/sqlite/folder.ts'
import { Reader } from '#relay/node/sqlite/reader.ts'
import { openDatabase } from '#relay/node/sqlite/schema.ts'
import type { Sql } from '#relay/node/sqlite/sql.ts'
import { Writer } from '#relay/node/sqlite/writer.ts'

/** A writer and a reader of one folder, as the two threads of a store have them. */
export class RecordPair {
  readonly reader: Reader
  readonly sql: Sql
  readonly writer: Writer

  constructor(directory: string) {
    this.sql = openDatabase(databaseIn(directory))
    // No test asks whether a power cut would be survived.
    this.sql.run('PRAGMA synchronous = OFF')
    this.writer = new Writer(this.sql)
    this.writer.open()
    this.reader = new Reader(directory)
    this.reader.open()
  }

  seal(): void {
    while (this.writer.sealSome());
  }

  close(): void {
    this.reader.close()
    this.sql.close()
  }
}
