import { grouped } from '#lib/grouped.ts'
import { beginAgain, goOn } from '#model/keep-lines.ts'
import { LogBuffer } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import type { Task } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import type { TopicView } from './view.ts'

export interface TaskViewState {
  /** Null before anything was told. */
  task: Task | null
}

export interface TaskBulk {
  readonly log: LogBuffer
}

const BEFORE_RESTART = 'Weir was restarted: the lines above are from before, and in this page alone'
const LET_GO = 'Weir has let go of lines here, and this page never had them'

/** A page keeps this much of one log; the relay keeps more, and gives it by range. */
const PAGE_LOG = { maxLines: 2_000_000, maxBytes: 256 * 1024 * 1024 }
/** What a Weir that was stopped had received in its last moments may not have lasted, ms. */
const UNSURE_MS = 2_000

/** One task as pages show it. */
export const TASK_VIEW: TopicView<TaskViewState, TaskEvent, TaskSnapshot, TaskBulk> = {
  name: 'tasks',
  empty: () => ({ task: null }),
  bulk: () => ({ log: new LogBuffer(PAGE_LOG) }),
  holds: ({ task }) => task !== null,
  /**
   * Lines that the page holds stay: those the relay has let go of too, and those of a record that is no more, which
   * stand before the new one with a line between.
   */
  begin(_state, { task, tail }, { log }, { record, at }) {
    const place = { ...task.log, tailFirst: tail.first }
    const held = log.total
    if (record === 'other' && !hasSameLines(log, tail)) beginAgain(log, place, { at, text: BEFORE_RESTART })
    else {
      const sure = record === 'restarted' ? sureOf(log) : log.total
      goOn(log, place, { at, text: LET_GO }, sure)
    }
    log.fill(tail.first, tail.at, tail.kinds, tail.texts)
    const gone = record === 'restarted' ? held - task.log.total : 0
    const cut =
      gone > 0
        ? `${gone === 1 ? 'One line that was' : `${grouped(gone)} lines that were`} shown here did not reach Weir’s record before it was stopped, and ${gone === 1 ? 'is' : 'are'} gone`
        : null
    return { state: { task }, cut }
  },
  reduce({ task }, events, { log }) {
    if (!task) return { task }
    const next = reduceTask(task, events, (at, kind, text) => {
      log.append(at, kind, text)
    })
    next.log = { first: next.log.first, total: log.total }
    return { task: next }
  },
}

/** The number of the line from which on Weir may have others, if it was stopped right after them. */
function sureOf(log: LogBuffer): number {
  const newest = log.line(log.total - 1)?.at ?? 0
  let sure = log.total
  while (sure > log.first) {
    const line = log.line(sure - 1)
    if (line && line.at < newest - UNSURE_MS) break
    sure -= 1
  }
  return sure
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
