import { createStore, type StoreApi } from 'zustand/vanilla'
import { LogBuffer } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'

export interface TaskState {
  /** `absent`: the relay knows no such task. */
  phase: 'loading' | 'ready' | 'absent'
  task: Task | null
}

/** The page keeps this much of one log; the relay keeps more, and gives it by range. */
const PAGE_LOG = { maxLines: 2_000_000, maxBytes: 256 * 1024 * 1024 }

/**
 * The store of one watched task. Events wait until `commit`; the log lines they cause go to the append-only
 * buffer beside the store, for which there is a subscription of its own.
 */
export class TaskStore {
  readonly store: StoreApi<TaskState> = createStore<TaskState>(() => ({ phase: 'loading', task: null }))
  readonly log = new LogBuffer(PAGE_LOG)
  readonly #logListeners = new Set<() => void>()
  #snapshot: TaskSnapshot | null | undefined
  #events: TaskEvent[] = []

  get bytes(): number {
    return this.log.bytes
  }

  snapshot(snapshot: TaskSnapshot | null): void {
    this.#snapshot = snapshot
    this.#events = []
  }

  push(events: readonly TaskEvent[]): void {
    for (const event of events) this.#events.push(event)
  }

  /** Calls back after each commit that changed the log. */
  subscribeLog(listener: () => void): () => void {
    this.#logListeners.add(listener)
    return () => this.#logListeners.delete(listener)
  }

  commit(): void {
    const before = this.log.version
    let { task } = this.store.getState()
    const snapshot = this.#snapshot
    if (snapshot === null) {
      this.store.setState({ phase: 'absent', task: null })
      this.#snapshot = undefined
      if (this.#events.length === 0) return
    }
    if (snapshot) {
      task = snapshot.task
      this.log.reset(task.log.total, task.log.first)
      const { first, at, kinds, texts } = snapshot.tail
      this.log.fill(first, at, kinds, texts)
      this.#snapshot = undefined
    }
    if (task) {
      if (this.#events.length > 0) {
        task = reduceTask(task, this.#events, (at, kind, text) => {
          this.log.append(at, kind, text)
        })
        task.log = { first: task.log.first, total: this.log.total }
      }
      if (task !== this.store.getState().task) this.store.setState({ phase: 'ready', task })
    }
    this.#events = []
    if (this.log.version !== before) for (const listener of this.#logListeners) listener()
  }
}
