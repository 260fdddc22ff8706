import { OPEN_LINES } from '#model/log-buffer.ts'
import { partsOf } from '#model/series-parts.ts'
import { StateTrack } from '#model/state-track.ts'
import { Track } from '#model/track.ts'
import {
  StoreError,
  type Evicted,
  type SamplePage,
  type SampleRange,
  type Store,
  type StoreBatch,
  type StoredRow,
  type StoredTopic,
  type StoreOpened,
  type StoreUsage,
  type RowPage,
  type RowQuery,
} from '#relay/record/store.ts'
import type { LogColumns } from '#model/log-buffer.ts'
import type { SamplesAnswer } from '#protocols/weir/api.ts'

interface Kept {
  row: StoredRow
  checkpoint: { address: string; n: number; json: string } | null
  events: { n: number; json: string }[]
  lines: { at: number; kind: number; text: string }[]
  tracks: Map<string, Track>
  states: Map<string, StateTrack>
  texts: Map<string, string>
}

/**
 * What a disk holds, without one: a store for tests, and the model that the real one is compared with. It outlives
 * the relays that open it; what was not yet written when one is killed is lost.
 */
export class MemoryStore implements Store {
  readonly kept = new Map<string, Kept>()
  /** Batches that were written. */
  written = 0
  #boot = 0
  #last = 0
  #aliveAt: number | null = null
  /** Set by tests: every write fails so. */
  fault: StoreError | null = null
  /** Set by tests: the process is gone, and nothing that comes later arrives. */
  isDead = false

  open(): Promise<StoreOpened> {
    this.isDead = false
    const opened = { epoch: 'kept', boot: ++this.#boot, last: this.#last, aliveAt: this.#aliveAt }
    return Promise.resolve(opened)
  }

  write(batch: StoreBatch): Promise<void> {
    if (this.isDead) return new Promise(() => undefined)
    if (this.fault) return Promise.reject(this.fault)
    this.written += 1
    this.#last = Math.max(this.#last, batch.last)
    this.#aliveAt = batch.at
    for (const row of batch.rows) {
      const known = this.kept.get(row.address)
      if (known) known.row = row
      else this.kept.set(row.address, empty(row))
    }
    for (const { address, n, json } of batch.events) this.#of(address).events.push({ n, json })
    for (const checkpoint of batch.checkpoints) {
      const topic = this.#of(checkpoint.address)
      topic.checkpoint = checkpoint
      topic.events = topic.events.filter(({ n }) => n > checkpoint.n)
    }
    for (const { address, first, at, kinds, texts } of batch.lines) {
      const { lines } = this.#of(address)
      if (first > lines.length) throw new Error(`lines ${lines.length} to ${first} of ${address} are missing`)
      if (first < lines.length - OPEN_LINES) throw new Error(`a line of ${address} changed that no line may`)
      lines.splice(first, Infinity, ...texts.map((text, k) => ({ at: at[k]!, kind: kinds[k]!, text })))
    }
    for (const { address, channel, times, t0, dt, values } of batch.samples) {
      const { tracks } = this.#of(address)
      let track = tracks.get(channel)
      if (!track) tracks.set(channel, (track = new Track()))
      track.append(times ?? Float64Array.from(values, (_, i) => t0 + i * dt), values)
    }
    for (const { address, channel, t, v } of batch.states) {
      const { states } = this.#of(address)
      let track = states.get(channel)
      if (!track) states.set(channel, (track = new StateTrack()))
      for (const [k, time] of t.entries()) track.append(time, v[k]!)
    }
    for (const { address, name, text } of batch.texts) this.#of(address).texts.set(name, text)
    for (const address of batch.removed) this.kept.delete(address)
    return Promise.resolve()
  }

  rows({ kind, source, statuses, type, text, ended, cursor, limit }: RowQuery): Promise<RowPage> {
    const matching = [...this.kept.values()]
      .map(({ row }) => row)
      .filter(
        (row) =>
          row.kind === kind &&
          (source === undefined || row.source === source) &&
          (statuses === undefined || statuses.includes(row.status ?? '')) &&
          (type === undefined || row.type === type) &&
          (text === undefined || row.words.includes(text)) &&
          (ended === undefined || (row.ended !== null) === ended),
      )
      .sort(
        (a, b) =>
          (b.ended ?? 9e15) - (a.ended ?? 9e15) || b.began - a.began || (a.address < b.address ? 1 : -1),
      )
    const from = cursor === undefined ? 0 : Number(cursor)
    const rows = matching.slice(from, from + limit)
    return Promise.resolve({ rows, cursor: from + limit < matching.length ? `${from + limit}` : null })
  }

  addresses(kind: string): Promise<string[]> {
    const rows = [...this.kept.values()].filter(({ row }) => row.kind === kind)
    return Promise.resolve(rows.map(({ row }) => row.address))
  }

  async topics(addresses: readonly string[]): Promise<StoredTopic[]> {
    const found = await Promise.all(addresses.map((address) => this.topic(address)))
    return found.flatMap((topic) =>
      topic ? [{ ...topic, log: topic.log && { ...topic.log, tail: null } }] : [],
    )
  }

  topic(address: string): Promise<StoredTopic | null> {
    const kept = this.kept.get(address)
    if (!kept) return Promise.resolve(null)
    const { row, checkpoint, events, lines } = kept
    const first = Math.max(0, lines.length - 2 * OPEN_LINES)
    const log =
      lines.length > 0 ? { first: 0, total: lines.length, tail: columns(lines, first, lines.length) } : null
    return Promise.resolve({ row, checkpoint, events: events.map(({ json }) => json), log })
  }

  lines(address: string, from: number, to: number, most: number): Promise<LogColumns> {
    const { lines } = this.#of(address)
    return Promise.resolve(columns(lines, from, Math.min(to, from + most, lines.length)))
  }

  samples(address: string, { from, to, points, channels }: SampleRange): Promise<SamplesAnswer> {
    const { tracks, states } = this.#of(address)
    const wanted = (c: string) => channels.length === 0 || channels.includes(c)
    return Promise.resolve({
      series: [...tracks].flatMap(([c, track]) =>
        wanted(c) ? partsOf(c, track, from, to, points).parts : [],
      ),
      states: [...states].flatMap(([c, track]) => (wanted(c) ? [{ c, ...track.range(from, to) }] : [])),
      exactFrom: null,
      exact: true,
    })
  }

  sampleRuns(address: string, { from, to, channels }: Omit<SampleRange, 'points'>): Promise<SamplePage> {
    const { tracks, states } = this.#of(address)
    const wanted = (c: string) => channels.length === 0 || channels.includes(c)
    return Promise.resolve({
      runs: [...tracks].flatMap(([channel, track]) => {
        if (!wanted(channel)) return []
        const { t, v } = track.range(from, to, Infinity)
        return [{ channel, times: t, t0: 0, dt: 0, values: v, breaks: false }]
      }),
      states: [...states].flatMap(([channel, track]) =>
        wanted(channel) ? [{ channel, ...track.range(from, to) }] : [],
      ),
      next: null,
    })
  }

  text(address: string, name: string): Promise<string | null> {
    return Promise.resolve(this.kept.get(address)?.texts.get(name) ?? null)
  }

  remove(address: string): Promise<void> {
    this.kept.delete(address)
    return Promise.resolve()
  }

  retain(): Promise<Evicted[]> {
    return Promise.resolve([])
  }

  backup(): Promise<void> {
    return Promise.reject(new StoreError('failed', 'memory is not copied'))
  }

  usage(): Promise<StoreUsage> {
    return Promise.resolve({ place: 'memory', bytes: 0, topics: this.kept.size })
  }

  close(): Promise<void> {
    this.isDead = true
    return Promise.resolve()
  }

  #of(address: string): Kept {
    const topic = this.kept.get(address)
    if (!topic) throw new Error(`${address} has no row`)
    return topic
  }
}

function empty(row: StoredRow): Kept {
  return {
    row,
    checkpoint: null,
    events: [],
    lines: [],
    tracks: new Map(),
    states: new Map(),
    texts: new Map(),
  }
}

function columns(lines: Kept['lines'], from: number, to: number): LogColumns {
  const part = lines.slice(from, to)
  return {
    first: from,
    at: part.map(({ at }) => at),
    kinds: part.map(({ kind }) => kind),
    texts: part.map(({ text }) => text),
  }
}
