import type { StoreApi } from 'zustand/vanilla'
import { callAll } from '#lib/isolate.ts'
import { beginAgain, goOn } from '#model/keep-lines.ts'
import { LogBuffer } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { createIsolatedStore } from './isolated-store.ts'
import type { Streams } from './streams.ts'

export interface TaskState {
  /** `absent`: the relay knows no such task. */
  phase: 'loading' | 'ready' | 'absent'
  task: Task | null
  /**
   * Since when the relay knows nothing of it, ms since epoch: what is shown is from before, and in this page
   * alone; null while it knows it.
   */
  heldSince: number | null
}

const BEFORE_RESTART = 'Weir was restarted: the lines above are from before, and in this page alone'
const LET_GO = 'Weir has let go of lines here, and this page never had them'

/** The page keeps this much of one log; the relay keeps more, and gives it by range. */
const PAGE_LOG = { maxLines: 2_000_000, maxBytes: 256 * 1024 * 1024 }

/**
 * The store of one watched task. Events wait until `commit`; the log lines they cause go to the append-only
 * buffer beside the store, for which there is a subscription of its own.
 */
export class TaskStore {
  readonly store: StoreApi<TaskState> = createIsolatedStore<TaskState>(() => ({
    phase: 'loading',
    task: null,
    heldSince: null,
  }))
  readonly log = new LogBuffer(PAGE_LOG)
  readonly #logListeners = new Set<() => void>()
  #snapshot: { snapshot: TaskSnapshot | null; epoch: string } | null = null
  #epoch = ''
  #events: TaskEvent[] = []

  snapshot(snapshot: TaskSnapshot | null, epoch: string): void {
    this.#snapshot = { snapshot, epoch }
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
    // Taken out first: whatever fails below, nothing is applied twice.
    const [told, events] = [this.#snapshot, this.#events]
    this.#snapshot = null
    this.#events = []
    const version = this.log.version
    const before = this.store.getState()
    let { phase, task, heldSince } = before
    if (told) {
      const { snapshot, epoch } = told
      if (snapshot) {
        task = snapshot.task
        heldSince = null
        phase = 'ready'
        this.#beginLog(snapshot, epoch)
      } else if (phase === 'ready') heldSince ??= Date.now()
      else phase = 'absent'
    }
    if (task && events.length > 0) {
      task = reduceTask(task, events, (at, kind, text) => {
        this.log.append(at, kind, text)
      })
      task.log = { first: task.log.first, total: this.log.total }
    }
    if (task !== before.task || phase !== before.phase || heldSince !== before.heldSince)
      this.store.setState({ phase, task, heldSince })
    if (this.log.version !== version) callAll(this.#logListeners)
  }

  /**
   * Goes on from where the relay is. Lines that this page holds stay: those the relay has let go of too, and
   * those of a record that is no more, which stand before the new one with a line between.
   */
  #beginLog({ task, tail }: TaskSnapshot, epoch: string): void {
    const { log } = this
    const place = { ...task.log, tailFirst: tail.first }
    const isOther = this.#epoch !== '' && this.#epoch !== epoch && !hasSameLines(log, tail)
    this.#epoch = epoch
    const at = Date.now()
    if (isOther) beginAgain(log, place, { at, text: BEFORE_RESTART })
    else goOn(log, place, { at, text: LET_GO })
    log.fill(tail.first, tail.at, tail.kinds, tail.texts)
  }
}

/** True where the relay tells lines this page holds by the numbers it has them under: one log, told again. */
function hasSameLines(log: LogBuffer, { first, texts }: TaskSnapshot['tail']): boolean {
  let same = 0
  // The newest line the page holds may have been rewritten meanwhile.
  for (const [k, text] of texts.entries()) {
    if (first + k >= log.total - 1) break
    const held = log.textOf(first + k)
    if (held === undefined) continue
    if (held !== text) return false
    same += 1
  }
  return same > 0
}

/** The store of one task. It is filled while somebody watches it. */
export function taskStoreOf(streams: Pick<Streams, 'topic'>, source: string, id: string): TaskStore {
  return streams.topic(taskTopic(source, id), () => new TaskStore())
}

/** Watches one task. @returns ends that */
export function watchTask(streams: Streams, source: string, id: string): () => void {
  taskStoreOf(streams, source, id)
  return streams.watchTopic(taskTopic(source, id))
}
