import { groupBy } from '#lib/group-by.ts'
import type { RetentionLimits, StoreBatch, StoredRow, StoreOpened } from '../../record/store.ts'
import { isEnough, NOTHING, plusRow, type Unsealed } from './blocks.ts'
import { appendEvents, sealEvents, unsealedEvents } from './event-table.ts'
import { linesKept, putLines, sealLines, unsealedLines } from './line-table.ts'
import { retainSome, type RetainedSome } from './retention.ts'
import {
  appendSamples,
  areEnough,
  sealSamples,
  unsealedSamples,
  type UnsealedSamples,
} from './sample-table.ts'
import { noteSources, type KnownSource } from './source-table.ts'
import type { Sql } from './sql.ts'
import { appendStates, sealStates, unsealedStates } from './state-table.ts'
import { packText } from './text-block.ts'

/** A batch waits no longer for what is being sealed, ms. */
const SEAL_MS = 20

/** What is known of a topic that was written to; all of it could be asked of the database. */
interface Topic {
  id: number
  ended: boolean
  /** Number after its last line. */
  end: number
  /** What was written since it was sealed last. */
  events: Unsealed
  lines: Unsealed
  states: Unsealed
  samples: UnsealedSamples
}

/** Writes the record. Everything is synchronous: it has a thread of its own. */
export class Writer {
  readonly #sql: Sql
  /** Topics that were written to since the start, by address. */
  #topics = new Map<string, Topic>()
  /** Addresses of topics with something to seal. */
  readonly #toSeal = new Set<string>()

  constructor(sql: Sql) {
    this.#sql = sql
  }

  /** Counts the start, and notes the sources: see `noteSources`. What had ended and was not sealed when Weir ended is sealed soon. */
  open(sources: readonly KnownSource[] = [], moved: readonly string[] = []): StoreOpened {
    const sql = this.#sql
    return sql.writing(() => {
      noteSources(sql, sources, moved)
      sql.run('UPDATE record SET boot = boot + 1')
      for (const [address] of sql.all<[string]>(
        `SELECT address FROM topic WHERE ended IS NOT NULL AND id IN (
           SELECT topic FROM event_block WHERE sealed = 0
           UNION SELECT topic FROM line_block WHERE sealed = 0
           UNION SELECT topic FROM new_samples
           UNION SELECT topic FROM state_block WHERE sealed = 0)`,
      ))
        this.#toSeal.add(address)
      const [epoch, boot, last, aliveAt] = sql.first<[string, number, number, number | null]>(
        'SELECT epoch, boot, last, alive_at FROM record',
      )!
      return { epoch, boot, last, aliveAt }
    })
  }

  /** See Store. */
  write(batch: StoreBatch): void {
    this.#writing(() => {
      for (const address of batch.removed) this.#remove(address)
      for (const row of batch.rows) this.#putRow(row)
      this.#each(batch.events, (topic, entries) => {
        topic.events = plusRow(topic.events, appendEvents(this.#sql, topic.id, entries))
      })
      this.#each(batch.lines, (topic, parts) => {
        for (const lines of parts) {
          topic.lines = plusRow(topic.lines, putLines(this.#sql, topic.id, lines, topic.end))
          topic.end = lines.first + lines.texts.length
        }
      })
      this.#each(batch.samples, (topic, samples) => {
        appendSamples(this.#sql, topic.id, samples, topic.samples)
      })
      this.#each(batch.states, (topic, states) => {
        topic.states = plusRow(topic.states, appendStates(this.#sql, topic.id, states))
      })
      this.#each(batch.checkpoints, ({ id }, checkpoints) => {
        for (const { n, json } of checkpoints) {
          const { size, data } = packText(json)
          this.#sql.run('INSERT OR REPLACE INTO checkpoint (topic, n, size, data) VALUES (?, ?, ?, ?)', [
            id,
            n,
            size,
            data,
          ])
        }
      })
      this.#each(batch.texts, ({ id }, texts) => {
        for (const { name, text } of texts) {
          const { size, data } = packText(text)
          this.#sql.run('INSERT OR REPLACE INTO text (topic, name, size, data) VALUES (?, ?, ?, ?)', [
            id,
            name,
            size,
            data,
          ])
        }
      })
      this.#sql.run('UPDATE record SET last = ?, alive_at = ?', [batch.last, batch.at])
    })
  }

  remove(address: string): void {
    this.#writing(() => {
      this.#remove(address)
    })
  }

  /** Lets go of a little of what is beyond the bounds: see Store. @returns what went, and whether there may be more */
  retainSome(limits: RetentionLimits): RetainedSome {
    let step: RetainedSome = { evicted: [], more: false }
    this.#writing(() => {
      step = retainSome(this.#sql, limits)
    })
    // What is known of them is not so any more.
    for (const { address } of step.evicted) this.#topics.delete(address)
    return step
  }

  /** Seals topics for a little while. @returns whether there is more to do */
  sealSome(): boolean {
    if (this.#toSeal.size === 0) return false
    this.#writing(() => {
      const end = performance.now() + SEAL_MS
      for (const address of this.#toSeal) {
        // Where it fails, it is tried again when more was written.
        this.#toSeal.delete(address)
        const topic = this.#topic(address)
        if (topic) this.#seal(topic)
        if (performance.now() > end) return
      }
    }, 'rewriting')
    return this.#toSeal.size > 0
  }

  #writing(act: () => void, how: 'writing' | 'rewriting' = 'writing'): void {
    try {
      this.#sql[how](act)
    } catch (error) {
      // What was taken for written is not.
      this.#topics.clear()
      throw error
    }
  }

  #seal(topic: Topic): void {
    const { id, ended, events, lines, states, samples } = topic
    const isDue = (unsealed: Unsealed) => (ended ? unsealed.rows > 0 : isEnough(unsealed))
    if (isDue(events)) {
      sealEvents(this.#sql, id)
      topic.events = NOTHING
    }
    if (isDue(lines)) {
      sealLines(this.#sql, id, ended)
      topic.lines = NOTHING
    }
    if (isDue(states)) {
      sealStates(this.#sql, id)
      topic.states = NOTHING
    }
    if (ended ? samples.rows > 0 : areEnough(samples)) sealSamples(this.#sql, id, samples)
  }

  /** Does something for each topic that items are of, and looks whether there is something to seal then. */
  #each<Item extends { address: string }>(
    items: readonly Item[],
    write: (topic: Topic, items: Item[]) => void,
  ): void {
    for (const [address, own] of groupBy(items, (item) => item.address)) {
      const topic = this.#topic(address)
      if (!topic) continue
      write(topic, own)
      const { ended, events, lines, states, samples } = topic
      if (ended || isEnough(events) || isEnough(lines) || isEnough(states) || areEnough(samples))
        this.#toSeal.add(address)
    }
  }

  #putRow(row: StoredRow): void {
    const { address, kind, source, id: name, status, type, began, ended, words, json } = row
    const topic = this.#topic(address)
    if (topic) {
      this.#sql.run(
        `UPDATE topic SET status = ?, type = ?, began = ?, ended = ?, words = ?, summary = ?,
           let_go = CASE WHEN ? IS NULL THEN 0 ELSE let_go END WHERE id = ?`,
        [status, type, began, ended, words, json, ended, topic.id],
      )
      topic.ended = ended !== null
      if (topic.ended) this.#toSeal.add(address)
    } else {
      const { id } = this.#sql.run(
        `INSERT INTO topic (address, kind, source, name, status, type, began, ended, words, summary)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        [address, kind, source, name, status, type, began, ended, words, json],
      )
      this.#topics.set(address, this.#stateOf(id, ended !== null, 0))
    }
  }

  #remove(address: string): void {
    this.#sql.run('DELETE FROM topic WHERE address = ?', [address])
    this.#topics.delete(address)
  }

  /** Undefined where there is no such topic: it was removed, and what comes late has no place. */
  #topic(address: string): Topic | undefined {
    const known = this.#topics.get(address)
    if (known) return known
    const row = this.#sql.first<[id: number, ended: number | null, linesGone: number]>(
      'SELECT id, ended, lines_gone FROM topic WHERE address = ?',
      [address],
    )
    if (!row) return undefined
    const [id, ended, linesGone] = row
    const topic = this.#stateOf(id, ended !== null, linesGone)
    this.#topics.set(address, topic)
    return topic
  }

  #stateOf(id: number, ended: boolean, linesGone: number): Topic {
    const sql = this.#sql
    return {
      id,
      ended,
      end: linesKept(sql, id)?.total ?? linesGone,
      events: unsealedEvents(sql, id),
      lines: unsealedLines(sql, id),
      states: unsealedStates(sql, id),
      samples: unsealedSamples(sql, id),
    }
  }
}
