import type { Mark } from './markdown-tree.ts'

export type MarkdownAnswer =
  /** The worker is there: from now on its time counts. */
  { kind: 'ready' } | { kind: 'tree'; tree: Mark[] | null }

/** What became of a text: null where it is not laid out. */
export type MarkdownResult = Mark[] | null

/** As much of a `Worker` as is needed. */
export interface MarkdownWorker {
  onmessage: ((event: { data: MarkdownAnswer }) => void) | null
  onerror: ((event: unknown) => void) | null
  postMessage(text: string): void
  terminate(): void
}

interface Job {
  text: string
  done: (result: MarkdownResult) => void
}

/** A text may take so long, ms; ordinary ones take a few. */
export const LIMIT_MS = 500

/** Reads Markdown in a worker, one text after another, each within a limit of time. */
export class MarkdownReader {
  readonly #make: () => MarkdownWorker
  readonly #jobs: Job[] = []
  #worker: MarkdownWorker | null = null
  #isReady = false
  #current: Job | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(make: () => MarkdownWorker) {
    this.#make = make
  }

  /** @returns what takes the wish back: it is not read then, or nobody is told */
  read(text: string, done: (result: MarkdownResult) => void): () => void {
    const job: Job = { text, done }
    this.#jobs.push(job)
    this.#next()
    return () => {
      job.done = () => {}
      const at = this.#jobs.indexOf(job)
      if (at >= 0) this.#jobs.splice(at, 1)
    }
  }

  #next(): void {
    if (this.#current || this.#jobs.length === 0) return
    const worker = (this.#worker ??= this.#begin())
    if (!worker || !this.#isReady) return
    const job = (this.#current = this.#jobs.shift()!)
    this.#timer = setTimeout(() => {
      this.#end()
      this.#answer(null)
    }, LIMIT_MS)
    worker.postMessage(job.text)
  }

  #begin(): MarkdownWorker | null {
    let worker: MarkdownWorker
    try {
      worker = this.#make()
    } catch {
      this.#refuse()
      return null
    }
    worker.onmessage = ({ data }) => {
      if (worker !== this.#worker) return
      if (data.kind === 'tree') this.#answer(data.tree)
      else {
        this.#isReady = true
        this.#next()
      }
    }
    worker.onerror = () => {
      if (worker !== this.#worker) return
      const wasReady = this.#isReady
      this.#end()
      if (this.#current) this.#answer(null)
      // One that never came would not come the next time either.
      else if (!wasReady) this.#refuse()
    }
    return worker
  }

  #end(): void {
    this.#worker?.terminate()
    this.#worker = null
    this.#isReady = false
  }

  #answer(result: MarkdownResult): void {
    clearTimeout(this.#timer)
    const job = this.#current
    this.#current = null
    job?.done(result)
    this.#next()
  }

  #refuse(): void {
    for (const { done } of this.#jobs.splice(0)) done(null)
  }
}
