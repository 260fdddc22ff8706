import { backOffMs } from '#lib/backoff.ts'
import { inBackground, isolate } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import type { ListRequest, Unread } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { TaskBody } from '#protocols/inference/schemas.ts'
import { statusOf } from '#protocols/inference/status.ts'
import type { Cloud } from './cloud.ts'

/** How often the lists are read. */
const EVERY_MS = { watched: 3_000, unwatched: 30_000 }
/** Two reads have at least this between their beginnings, however much asks for one. */
const APART_MS = 1_000
const AGAIN_MS = { first: 1_000, most: 30_000 }
const PAGE = 50
/** The newest runs are read on as long as a page brings new ones: Weir's own lists hold about as many. */
const MOST_NEWEST = 6
/** Pages of runs that have not ended: 1,000 of them. */
const MOST_UNFINISHED = 20
/** A service that does not take the filter is asked for it again after this, ms. */
const FILTER_AGAIN_MS = 10 * 60_000

const NEWEST: ListRequest = { limit: PAGE, sort: [{ field: 'created_at', dir: 'desc' }] }
/** By number: received to uploading (inference.sh wire contract §7). */
const UNFINISHED: ListRequest = {
  ...NEWEST,
  filters: [{ field: 'status', operator: 'in', value: [1, 2, 3, 4, 5, 6, 7, 8, 9] }],
}

/** Takes what the lists brought. */
export interface RunListReader {
  /** The service has answered, after `latencyMs`. */
  answered(latencyMs: number): void
  /**
   * A whole list was read.
   * @param rows oldest first
   * @param unread rows that could not be read, and why
   */
  listed(rows: readonly TaskBody[], unread: readonly Unread[]): void
  /** The lists could not be read. */
  failed(error: unknown): void
}

type ListsCloud = Pick<Cloud, 'client' | 'limit'> & {
  context: Pick<Cloud['context'], 'clock' | 'isWatched'>
  records: Pick<Cloud['records'], 'knows'>
}

/** Reads which runs there are: the newest, as far as they are new, and all that have not ended. */
export class RunLists {
  readonly #cloud: ListsCloud
  #reader!: RunListReader
  #reading = false
  /** When the last read began, monotonic ms. */
  #begunAt = -Infinity
  /** When the request under way was sent, monotonic ms. */
  #askedAt: number | null = null
  #timer: unknown
  #failures = 0
  #filterAt = -Infinity
  /** Runs that the lists named as going on when they were last read. */
  #goingOn: ReadonlySet<string> = new Set()
  /** Who wants to hear of a read that begins after they asked: whether it succeeded. */
  #waiting: ((ok: boolean) => void)[] = []
  #stopped = false

  constructor(cloud: ListsCloud) {
    this.#cloud = cloud
  }

  /** How long the service has not answered what it was asked, ms; 0 when it has. */
  get pendingMs(): number {
    return this.#askedAt === null ? 0 : this.#cloud.context.clock.monotonic() - this.#askedAt
  }

  start(reader: RunListReader): void {
    this.#reader = reader
    inBackground(this.#read())
  }

  stop(): void {
    this.#stopped = true
    this.#cloud.context.clock.clearTimeout(this.#timer)
    for (const done of this.#waiting.splice(0)) done(false)
  }

  /** Reads anew as soon as may be. */
  now(): void {
    this.#soon(APART_MS)
  }

  /** Somebody begins to look: reads at once, unless it was just read. */
  watched(): void {
    this.#soon(EVERY_MS.watched)
  }

  /** Whether the lists name a run as going on, asked anew; null when they cannot be read. */
  async names(id: string): Promise<boolean | null> {
    if (this.#stopped) return null
    const read = new Promise<boolean>((resolve) => this.#waiting.push(resolve))
    if (!this.#reading) this.now()
    return (await read) ? this.#goingOn.has(id) : null
  }

  #soon(apartMs: number): void {
    if (this.#stopped || this.#reading) return
    const { clock } = this.#cloud.context
    this.#schedule(Math.max(0, this.#begunAt + apartMs - clock.monotonic()))
  }

  #schedule(ms: number): void {
    const { clock } = this.#cloud.context
    clock.clearTimeout(this.#timer)
    this.#timer = clock.setTimeout(() => {
      inBackground(this.#read())
    }, ms)
  }

  async #read(): Promise<void> {
    const { context, limit } = this.#cloud
    const { clock, isWatched } = context
    const waiting = this.#waiting.splice(0)
    this.#reading = true
    this.#begunAt = clock.monotonic()
    let ok = false
    let wait: number
    try {
      const unread = new Map<string, Unread>()
      const rows = await this.#rows(unread)
      if (this.#stopped) return
      this.#goingOn = new Set(rows.flatMap((row) => (hasEnded(row) ? [] : [row.id])))
      this.#failures = 0
      ok = true
      this.#reader.listed(rows, [...unread.values()])
      wait = EVERY_MS[isWatched('tasks') ? 'watched' : 'unwatched']
    } catch (error) {
      if (this.#stopped) return
      wait = this.#afterFailure(error, limit.waitMs)
      isolate(this.#reader, () => {
        this.#reader.failed(error)
      })
    } finally {
      this.#reading = false
      this.#askedAt = null
      for (const done of waiting) done(ok)
    }
    this.#schedule(this.#waiting.length > 0 && ok ? APART_MS : wait)
  }

  #afterFailure(error: unknown, limitMs: number): number {
    if (!(error instanceof InferenceError) || !error.passing) return AGAIN_MS.most
    const backOff = backOffMs(AGAIN_MS, this.#failures++)
    return error.kind === 'rate' ? limitMs : (error.retryAfterMs ?? backOff)
  }

  /** Oldest first: the order of the list is the order of first appearance. */
  async #rows(unread: Map<string, Unread>): Promise<TaskBody[]> {
    const { context, records } = this.#cloud
    const { clock } = context
    const askedAt = clock.monotonic()
    const newest = new Map<string, TaskBody>()
    const more = await this.#pages(NEWEST, MOST_NEWEST, (rows, page, broken) => {
      if (page === 0) this.#reader.answered(clock.monotonic() - askedAt)
      for (const each of broken) unread.set(each.item, each)
      const isNew = rows.some(({ id }) => !newest.has(id) && !records.knows(id))
      for (const row of rows) newest.set(row.id, row)
      return isNew
    })
    const all = new Map(newest)
    if (more) for (const row of await this.#unfinished(unread)) all.set(row.id, row)
    return [...all.values()].toReversed()
  }

  async #unfinished(unread: Map<string, Unread>): Promise<TaskBody[]> {
    const now = this.#cloud.context.clock.monotonic()
    if (now < this.#filterAt) return []
    const found = new Map<string, TaskBody>()
    try {
      await this.#pages(UNFINISHED, MOST_UNFINISHED, (rows, _, broken) => {
        for (const each of broken) unread.set(each.item, each)
        const before = found.size
        // A filter that lets through what has ended is none: all there ever was would be read.
        const isHeeded = !rows.some(hasEnded)
        if (!isHeeded) this.#filterAt = now + FILTER_AGAIN_MS
        for (const row of rows) if (!hasEnded(row)) found.set(row.id, row)
        return isHeeded && found.size > before
      })
    } catch (error) {
      if (!(error instanceof InferenceError) || error.kind !== 'invalid') throw error
      this.#filterAt = now + FILTER_AGAIN_MS
    }
    return [...found.values()]
  }

  /**
   * Reads page after page while `take` wants more.
   * @returns true when there are more pages than were read
   */
  async #pages(
    request: ListRequest,
    most: number,
    take: (rows: readonly TaskBody[], page: number, unread: readonly Unread[]) => boolean,
  ): Promise<boolean> {
    const { client, context, limit } = this.#cloud
    let next: ListRequest = request
    for (let page = 0; page < most; page++) {
      const {
        items,
        unread,
        next: cursor,
      } = await limit.run(() => {
        this.#askedAt = context.clock.monotonic()
        return client.tasks(next)
      })
      this.#askedAt = null
      const wanted = take(items, page, unread)
      if (this.#stopped || cursor === null) return false
      if (!wanted) return true
      next = { ...request, cursor, direction: 'next' }
    }
    return true
  }
}

function hasEnded(row: TaskBody): boolean {
  const status = statusOf(row['status'], row['status_text'])
  return status !== null && isTerminal(status)
}
