import type { AnyKind, Bulk, TopicKey } from '#topics/kind.ts'
import { LiveRows, type RowSource } from './rows.ts'

/** One thing that has a history: its state as of its newest event, and its bulk as far as that is in memory. */
export interface Topic {
  readonly table: KindTable
  readonly kind: AnyKind
  readonly key: TopicKey
  readonly address: string
  /** What it is known by in the list of its kind. */
  readonly rowKey: string
  state: unknown
  bulk: Bulk
  /** False for one that was only read back for somebody who asked for it. */
  isListed: boolean
  /** False while the newest lines of its log are only where the record lasts. */
  isTailRead: boolean
  /** The number of its newest events. */
  n: number
}

/** The topics of one kind that are in memory, and the live list of their rows. */
export class KindTable implements RowSource<object> {
  readonly kind: AnyKind
  readonly rows: LiveRows<object>
  readonly #topics = new Map<string, Topic>()
  /** The same by source and id: found with every event, without making a key. */
  readonly #bySource = new Map<string, Map<string, Topic>>()
  /** Topics that are not in memory but where the record lasts. */
  readonly #kept = new Set<string>()

  constructor(kind: AnyKind) {
    this.kind = kind
    this.rows = new LiveRows(this, kind.longestText)
  }

  get(source: string, id: string): Topic | undefined {
    return this.#bySource.get(source)?.get(id)
  }

  all(): readonly Topic[] {
    return [...this.#topics.values()]
  }

  get size(): number {
    return this.#topics.size
  }

  /** There is such a topic where the record lasts. */
  kept(source: string, id: string): void {
    const key = this.kind.rowKey({ source, id })
    if (!this.#topics.has(key)) this.#kept.add(key)
  }

  /** A topic that was thought to be kept is not there. */
  lost(source: string, id: string): void {
    this.#kept.delete(this.kind.rowKey({ source, id }))
  }

  isKept(source: string, id: string): boolean {
    return this.#kept.has(this.kind.rowKey({ source, id }))
  }

  add(key: TopicKey, state: unknown, address: string, bulk: Bulk): Topic {
    const rowKey = this.kind.rowKey(key)
    const topic: Topic = {
      table: this,
      kind: this.kind,
      key,
      address,
      rowKey,
      state,
      bulk,
      isListed: true,
      isTailRead: true,
      n: 0,
    }
    this.#topics.set(rowKey, topic)
    let named = this.#bySource.get(key.source)
    if (!named) this.#bySource.set(key.source, (named = new Map<string, Topic>()))
    named.set(key.id, topic)
    this.#kept.delete(rowKey)
    return topic
  }

  remove({ rowKey, key: { source, id } }: Topic): void {
    this.#topics.delete(rowKey)
    this.#bySource.get(source)?.delete(id)
  }

  rowOf(key: string): object | null {
    const topic = this.#topics.get(key)
    return topic?.isListed ? (this.kind.row(topic.state) as object | null) : null
  }
}
