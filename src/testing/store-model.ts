import type { LogColumns } from '#model/log-buffer.ts'
import type { StoreBatch, StoredRow, StoredTopic } from '#relay/record/store.ts'
import { OPEN_LINES } from '#model/log-buffer.ts'

/** A sample of a channel; a break of its line is one, too. */
export interface ModelSample {
  t: number
  v: number
  breaks: boolean
}

interface ModelTopic {
  row: StoredRow
  checkpoint: StoredTopic['checkpoint']
  events: { n: number; json: string }[]
  lines: Map<number, { at: number; kind: number; text: string }>
  total: number
  samples: Map<string, ModelSample[]>
  states: Map<string, { t: number; v: string | boolean | null }[]>
  texts: Map<string, string>
}

/** A batch of nothing but `parts`. */
export function storeBatch(parts: Partial<StoreBatch> = {}): StoreBatch {
  return {
    at: 1_000,
    last: 0,
    rows: [],
    events: [],
    checkpoints: [],
    lines: [],
    samples: [],
    states: [],
    texts: [],
    removed: [],
    ...parts,
  }
}

/** The row of a task `id` that runs. */
export function storeRow(id: string, parts: Partial<StoredRow> = {}): StoredRow {
  return {
    address: `lab/tasks/${id}`,
    kind: 'tasks',
    source: 'lab',
    id,
    status: 'running',
    type: 'scan',
    began: 500,
    ended: null,
    words: `${id} scan`,
    json: JSON.stringify({ id }),
    ...parts,
  }
}

/** What a store must answer, by the simplest means. */
export class StoreModel {
  readonly topics = new Map<string, ModelTopic>()

  write(batch: StoreBatch): void {
    for (const address of batch.removed) this.topics.delete(address)
    for (const row of batch.rows) {
      const topic = this.topics.get(row.address)
      if (topic) topic.row = row
      else
        this.topics.set(row.address, {
          row,
          checkpoint: null,
          events: [],
          lines: new Map(),
          total: 0,
          samples: new Map(),
          states: new Map(),
          texts: new Map(),
        })
    }
    for (const { address, n, json } of batch.events) this.topics.get(address)?.events.push({ n, json })
    for (const checkpoint of batch.checkpoints) {
      const topic = this.topics.get(checkpoint.address)
      if (topic) topic.checkpoint = checkpoint
    }
    for (const { address, first, at, kinds, texts } of batch.lines) {
      const topic = this.topics.get(address)
      if (!topic) continue
      for (const line of topic.lines.keys()) if (line >= first) topic.lines.delete(line)
      for (const [k, text] of texts.entries())
        topic.lines.set(first + k, { at: at[k]!, kind: kinds[k]!, text })
      topic.total = first + texts.length
    }
    for (const { address, channel, times, t0, dt, values, breaks } of batch.samples) {
      const samples = listIn(this.topics.get(address)?.samples, channel)
      for (const [i, v] of values.entries())
        samples?.push({ t: times?.[i] ?? t0 + i * dt, v, breaks: breaks && i === values.length - 1 })
    }
    for (const { address, channel, t, v } of batch.states) {
      const states = listIn(this.topics.get(address)?.states, channel)
      for (const [k, time] of t.entries()) states?.push({ t: time, v: v[k]! })
    }
    for (const { address, name, text } of batch.texts) this.topics.get(address)?.texts.set(name, text)
  }

  topic(address: string): StoredTopic | null {
    const topic = this.topics.get(address)
    if (!topic) return null
    const { row, checkpoint, events, lines, total } = topic
    const first = Math.min(...lines.keys())
    return {
      row,
      checkpoint,
      events: events.filter(({ n }) => !checkpoint || n > checkpoint.n).map(({ json }) => json),
      log:
        lines.size === 0
          ? null
          : {
              first,
              total,
              tail: this.lines(address, Math.max(first, total - OPEN_LINES), total, OPEN_LINES, Infinity),
            },
    }
  }

  lines(address: string, from: number, to: number, most: number, chars: number): LogColumns {
    const found: LogColumns = { first: from, at: [], kinds: [], texts: [] }
    const lines = this.topics.get(address)?.lines
    const last = Math.min(to, this.topics.get(address)?.total ?? 0)
    let next = from
    while (next < last && !lines?.has(next)) next += 1
    if (next < last) found.first = next
    let left = chars
    for (; next < last && found.texts.length < most; next++) {
      const line = lines?.get(next)
      if (!line || ((left -= line.text.length) < 0 && found.texts.length > 0)) break
      found.at.push(line.at)
      found.kinds.push(line.kind)
      found.texts.push(line.text)
    }
    return found
  }
}

function listIn<Item>(map: Map<string, Item[]> | undefined, key: string): Item[] | undefined {
  if (map && !map.has(key)) map.set(key, [])
  return map?.get(key)
}
