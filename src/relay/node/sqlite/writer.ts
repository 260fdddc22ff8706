import type { StoreBatch, StoredEvents, StoredRow, StoreOpened } from '../../record/store.ts'
import { isEnough, type Unsealed } from './blocks.ts'
import { appendEvents, sealEvents, unsealedEvents } from './event-table.ts'
import { linesKept, putLines, sealLines, unsealedLines } from './line-table.ts'
import type { Sql } from './sql.ts'
import { packText } from './text-block.ts'

/** What is known of a topic that was written to; all of it could be asked of the database. */
interface Topic {
  id: number
  ended: boolean
  /** Number after its last line. */
  end: number
  events: Unsealed
  lines: Unsealed
}

type Sort = 'events' | 'lines'

/** Writes the record. Everything is synchronous: it has a thread of its own. */
export class Writer {
  readonly #sql: Sql
  /** Topics that were written to since the start, by address. */
  #topics = new Map<string, Topic>()
  /** Topics with something to seal, by id. */
  readonly #toSeal = new Map<number, { address: string; sorts: Set<Sort> }>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Counts the start. What had ended and was not sealed when Weir ended is sealed soon. */
  open(): StoreOpened {
    const sql = this.#sql
    return sql.writing(() => {
      sql.run('UPDATE record SET boot = boot + 1')
      for (const sort of ['events', 'lines'] as const)
        for (const [id, address] of sql.all<[number, string]>(
          `SELECT id, address FROM topic WHERE ended IS NOT NULL AND id IN
           (SELECT topic FROM ${sort === 'events' ? 'event_block' : 'line_block'} WHERE sealed = 0)`,
        ))
          this.#willSeal(id, address, sort)
      const [epoch, boot, last, aliveAt] = sql.first<[string, number, number, number | null]>(
        'SELECT epoch, boot, last, alive_at FROM record',
      )!
      return { epoch, boot, last, aliveAt }
    })
  }

  /** See Store. */
  write(batch: StoreBatch): void {
    const sql = this.#sql
    try {
      sql.writing(() => {
        for (const address of batch.removed) this.#remove(address)
        for (const row of batch.rows) this.#putRow(row)
        for (const [address, entries] of byAddress(batch.events)) this.#appendEvents(address, entries)
        for (const lines of batch.lines) {
          const topic = this.#topic(lines.address)
          if (topic) {
            this.#grew(topic, lines.address, 'lines', putLines(sql, topic.id, lines, topic.end))
            topic.end = lines.first + lines.texts.length
          }
        }
        for (const { address, n, json } of batch.checkpoints) {
          const topic = this.#topic(address)
          const { size, data } = packText(json)
          if (topic)
            sql.run(
              `INSERT INTO checkpoint (topic, n, size, data) VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET n = excluded.n, size = excluded.size, data = excluded.data`,
              [topic.id, n, size, data],
            )
        }
        for (const { address, name, text } of batch.texts) {
          const topic = this.#topic(address)
          const { size, data } = packText(text)
          if (topic)
            sql.run(
              `INSERT INTO text (topic, name, size, data) VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET size = excluded.size, data = excluded.data`,
              [topic.id, name, size, data],
            )
        }
        sql.run('UPDATE record SET last = ?, alive_at = ?', [batch.last, batch.at])
      })
    } catch (error) {
      // What was taken for written is not.
      this.#topics = new Map()
      throw error
    }
  }

  remove(address: string): void {
    this.#sql.writing(() => {
      this.#remove(address)
    })
  }

  /** Seals what there is of one topic. @returns whether there is more to do */
  sealSome(): boolean {
    for (const [id, { address, sorts }] of this.#toSeal) {
      this.#toSeal.delete(id)
      const topic = this.#topic(address)
      if (topic?.id !== id) continue
      this.#sql.writing(() => {
        if (sorts.has('events')) sealEvents(this.#sql, id)
        if (sorts.has('lines')) sealLines(this.#sql, id, topic.ended)
      })
      for (const sort of sorts) topic[sort] = { rows: 0, bytes: 0 }
      break
    }
    return this.#toSeal.size > 0
  }

  #putRow(row: StoredRow): void {
    const { address, kind, source, id: name, status, type, began, ended, words, json } = row
    const sql = this.#sql
    let topic = this.#topic(address)
    if (topic)
      sql.run(
        `UPDATE topic SET status = ?, type = ?, began = ?, ended = ?, words = ?, summary = ? WHERE id = ?`,
        [status, type, began, ended, words, json, topic.id],
      )
    else {
      const { id } = sql.run(
        `INSERT INTO topic (address, kind, source, name, status, type, began, ended, words, summary)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [address, kind, source, name, status, type, began, ended, words, json],
      )
      topic = { id, ended: false, end: 0, events: { rows: 0, bytes: 0 }, lines: { rows: 0, bytes: 0 } }
      this.#topics.set(address, topic)
    }
    const ends = ended !== null && !topic.ended
    topic.ended = ended !== null
    if (ends)
      for (const sort of ['events', 'lines'] as const)
        if (topic[sort].rows > 0) this.#willSeal(topic.id, address, sort)
  }

  #appendEvents(address: string, entries: readonly StoredEvents[]): void {
    const topic = this.#topic(address)
    if (topic) this.#grew(topic, address, 'events', appendEvents(this.#sql, topic.id, entries))
  }

  #grew(topic: Topic, address: string, sort: Sort, bytes: number): void {
    topic[sort].rows += 1
    topic[sort].bytes += bytes
    if (topic.ended || isEnough(topic[sort])) this.#willSeal(topic.id, address, sort)
  }

  #willSeal(id: number, address: string, sort: Sort): void {
    const waiting = this.#toSeal.get(id)
    if (waiting) waiting.sorts.add(sort)
    else this.#toSeal.set(id, { address, sorts: new Set([sort]) })
  }

  #remove(address: string): void {
    this.#sql.run('DELETE FROM topic WHERE address = ?', [address])
    this.#topics.delete(address)
  }

  /** Undefined where there is no such topic: it was removed, and what comes late has no place. */
  #topic(address: string): Topic | undefined {
    const known = this.#topics.get(address)
    if (known) return known
    const row = this.#sql.first<[number, number | null, number]>(
      'SELECT id, ended, lines_gone FROM topic WHERE address = ?',
      [address],
    )
    if (!row) return undefined
    const [id, ended, linesGone] = row
    const topic: Topic = {
      id,
      ended: ended !== null,
      end: linesKept(this.#sql, id)?.total ?? linesGone,
      events: unsealedEvents(this.#sql, id),
      lines: unsealedLines(this.#sql, id),
    }
    this.#topics.set(address, topic)
    return topic
  }
}

function byAddress<Item extends { address: string }>(items: readonly Item[]): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const item of items) {
    const others = found.get(item.address)
    if (others) others.push(item)
    else found.set(item.address, [item])
  }
  return found
}
