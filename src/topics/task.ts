import { LogBuffer, type LogColumns } from '#model/log-buffer.ts'
import { reduceTask } from '#model/reduce-task.ts'
import { isTerminal } from '#model/status.ts'
import { NO_STREAM } from '#model/stream-state.ts'
import { summaryOf, taskKey, unknownTask, type Task, type TaskSummary } from '#model/task.ts'
import type { TaskEvent } from '#model/task-events.ts'
import type { TaskSnapshot } from '#protocols/weir/stream.ts'
import type { TopicKind } from './kind.ts'

/** Log lines that a snapshot brings along, and their characters; earlier ones are read by range. */
const TAIL_LINES = 500
const TAIL_CHARS = 4_000_000
/** Characters of a message that a search looks in. */
const SEARCHED_MESSAGE = 500

/** One task: its state, merged from all that its source, its stream and people's commands said, and its log. */
export const TASK: TopicKind<Task, TaskEvent, TaskSummary, TaskSnapshot> = {
  name: 'tasks',
  bulk: { lines: true },
  lasts: true,
  empty: ({ source, sourceKind = '', id }, at) => unknownTask(source, sourceKind, id, at),
  reduce: reduceTask,
  place(task, { first, total }) {
    if (task.log.first !== first || task.log.total !== total) task.log = { first, total }
  },
  row: summaryOf,
  rowKey: taskKey,
  columns({ id, type, status, message, startedAt, firstSeenAt, endedAt, statusAt }) {
    return {
      status,
      type,
      began: startedAt ?? firstSeenAt,
      ended: isTerminal(status) ? (endedAt ?? statusAt) : null,
      words: `${id} ${type ?? ''} ${message?.slice(0, SEARCHED_MESSAGE) ?? ''}`.toLowerCase(),
    }
  },
  snapshot: (task, { lines }) => ({ task, tail: newestLines(lines!, TAIL_LINES, TAIL_CHARS) }),
  leastSnapshot(task, { lines }, words) {
    const { source, kind, id, firstSeenAt, type, status, statusOrigin, statusAt, startedAt, endedAt } = task
    const least = { type, status, statusOrigin, statusAt, startedAt, endedAt, log: task.log }
    return {
      task: { ...unknownTask(source, kind, id, firstSeenAt), ...least, statusNote: words },
      tail: { first: lines!.total, at: [], kinds: [], texts: [] },
    }
  },
  fault: (at, words) => ({ k: 'lines', at, kind: 'error', texts: [`not entered: ${words}`] }),
  kept: (events) =>
    events.some(({ k }) => k === 'lines') ? events.filter(({ k }) => k !== 'lines') : events,
  began: ({ source, kind, id, firstSeenAt }) => unknownTask(source, kind, id, firstSeenAt),
  restored: (row, checkpoint) =>
    checkpoint ?? { ...unknownTask(row.source, row.kind, row.id, row.firstSeenAt), ...row },
  resumed(task, awayFrom, now) {
    if (isTerminal(task.status)) return []
    return [
      { k: 'stream', at: now, state: NO_STREAM },
      {
        k: 'gap',
        at: now,
        from: awayFrom,
        to: now,
        cause: 'weir-away',
        text: `Weir was not running from ${clockText(awayFrom)} to ${clockText(now)}: what came meanwhile is missing here`,
        missed: null,
      },
    ]
  },
}

/** UTC, to the second. */
function clockText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** The newest lines, the last one in any case. */
function newestLines(log: LogBuffer, most: number, chars: number): LogColumns {
  let first = log.total
  let left = chars
  while (first > Math.max(log.first, log.total - most)) {
    const text = log.textOf(first - 1)
    if (text === undefined) break
    left -= text.length
    if (left < 0 && first < log.total) break
    first -= 1
  }
  return log.range(first, log.total)
}
