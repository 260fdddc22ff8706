import { StoreError } from '../../record/store.ts'
import type { Sql } from './sql.ts'

/** A source as the record knows it. */
export interface KnownSource {
  name: string
  kind: string
  url: string
}

/**
 * Notes the sources that are watched now. What a record holds of a source must not go on with another server's.
 * Throws StoreError where a name stands for another kind or URL than before.
 * @param moved names of sources of which this is fine
 */
export function noteSources(sql: Sql, sources: readonly KnownSource[], moved: readonly string[]): void {
  for (const { name, kind, url } of sources) {
    const known = sql.first<[kind: string, url: string]>('SELECT kind, url FROM source WHERE name = ?', [
      name,
    ])
    if (known && !(known[0] === kind && known[1] === url) && !moved.includes(name))
      throw new StoreError(
        'source',
        `The source ${name} is ${kind} at ${url}, but in the record ${known[0]} at ${known[1]}. Give it another name, or, where it is the same one at a new address, start once with --source-moved ${name}.`,
      )
    sql.run('INSERT OR REPLACE INTO source (name, kind, url) VALUES (?, ?, ?)', [name, kind, url])
  }
}
