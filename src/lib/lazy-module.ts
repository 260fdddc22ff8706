import { getAnswering, subscribeAnswering } from './answering.ts'
import { callAll } from './isolate.ts'
import { ChunkError, dropRequests, fetchFile, type ChunkFault } from './load-chunk.ts'

/** What is known of a module that loads later. */
export interface LazyState<T> {
  /** What it gives, once it is there. */
  value: T | null
  /** Why the last try failed; null while it is under way, and after it did not. */
  fault: ChunkFault | null
}

/** So long after a failure it is tried again, where somebody waits and the server seems to answer, ms. */
const AGAIN_MS = 2_000
/** A page that is never idle loads the next part after so long, ms. */
const IDLE_MS = 250

const all = new Set<LazyModule<unknown>>()
const waiting = new Set<LazyModule<unknown>>()

/**
 * A module that is no part of the first load. It is fetched when it is needed, or when the page is idle
 * (`loadWhenIdle`): what a click opens has to be there also while the server is away.
 */
export class LazyModule<T> {
  readonly #load: () => Promise<T>
  readonly #listeners = new Set<() => void>()
  #state: LazyState<T> = { value: null, fault: null }
  #coming: Promise<T> | null = null
  #waiters = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(load: () => Promise<T>) {
    this.#load = load
    all.add(this)
  }

  readonly state = (): LazyState<T> => this.#state

  /** Calls back when its state changes. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Loads it, once; after a failure the next call tries again.
   * @throws ChunkError (as a rejection) with words for people
   */
  load(): Promise<T> {
    if (this.#coming) return this.#coming
    clearTimeout(this.#timer)
    if (this.#state.fault) this.#set({ value: null, fault: null })
    const coming = this.#load()
    this.#coming = coming
    coming.then(
      (value) => {
        this.#set({ value, fault: null })
      },
      (error: unknown) => {
        this.#coming = null
        this.#set({ value: null, fault: error instanceof ChunkError ? error.fault : 'gone' })
        this.#again()
      },
    )
    return coming
  }

  /** Somebody waits for it: it is tried until it is there. @returns ends that */
  want(): () => void {
    this.#waiters += 1
    waiting.add(this)
    this.retry()
    return () => {
      if (--this.#waiters > 0) return
      waiting.delete(this)
      clearTimeout(this.#timer)
    }
  }

  retry(): void {
    void this.load().catch(() => undefined)
  }

  #again(): void {
    // Who is away says when it is back; an address that is no more stays so.
    if (this.#waiters > 0 && this.#state.fault === 'away' && getAnswering())
      this.#timer = setTimeout(() => {
        this.retry()
      }, AGAIN_MS)
  }

  #set(state: LazyState<T>): void {
    this.#state = state
    callAll(this.#listeners)
  }
}

// What is waited for is tried as soon as the server answers again, from the beginning: what was asked of it before
// may never be answered.
subscribeAnswering(() => {
  if (!getAnswering()) return
  dropRequests()
  // Once those who were dropped know it.
  setTimeout(() => {
    for (const module of waiting) module.retry()
  })
})

/** A file that is fetched when the page is idle, into the cache of the browser: the script of a worker. */
export function keepFile(url: string): void {
  new LazyModule(async () => {
    await fetchFile(url)
    return url
  })
}

/** What it gives, however long it takes: for what the page cannot do without. */
export async function untilLoaded<T>(module: LazyModule<T>): Promise<T> {
  for (;;)
    try {
      return await module.load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
}

let isLoading = false

/**
 * Loads every part of the page while it has nothing else to do, one after another; those that a part brings with
 * it follow. Not where a person asked to save data. Ends when one cannot be had: called again, it goes on there.
 */
export async function loadWhenIdle(): Promise<void> {
  const { connection } = navigator as { connection?: { saveData?: boolean } }
  if (isLoading || connection?.saveData) return
  isLoading = true
  try {
    // A set that grows while it is walked is walked to its new end.
    for (const module of all) {
      if (module.state().value !== null) continue
      await idle()
      await module.load()
    }
  } catch {
    // Somebody who waits for it is told; the server is away, or an update made an end of these files.
  } finally {
    isLoading = false
  }
}

/** True once nothing is left to load. */
export function isWhole(): boolean {
  return [...all].every((module) => module.state().value !== null)
}

function idle(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      resolve()
    }
    if (typeof requestIdleCallback === 'function') requestIdleCallback(done, { timeout: IDLE_MS })
    else setTimeout(done, IDLE_MS / 10)
  })
}
