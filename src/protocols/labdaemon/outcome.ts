import { detached } from '#lib/detached.ts'
import type { TaskStatus } from '#model/status.ts'
import type { ResultInfo, TaskError } from '#model/task.ts'
import { resultText } from './result-text.ts'
import { timeOf, type TaskBody } from './schemas.ts'

export interface Outcome {
  status: TaskStatus
  /** True when Weir concludes it: the server cannot tell a silent cancel from a completion. */
  inferred: boolean
  note: string | null
  result: ResultInfo
  error: TaskError | null
}

const PREVIEW_CHARS = 4_000
const SAID: Partial<Record<string, TaskStatus>> = {
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}

/**
 * How a task that is no longer running ended: the table of LabDaemon wire contract §5.7.
 * @param text the raw body of GET /tasks/{id}
 * @param asked whether Weir knows of a request to cancel it
 * @param reachedEnd whether its last progress was at the last step
 */
export function outcomeOf(task: TaskBody, text: string, asked: boolean, reachedEnd: boolean): Outcome {
  const result = resultInfo(task, text)
  if (task.exception) {
    const { type, message, origin, timestamp, traceback } = task.exception.error
    const error = {
      type,
      message,
      origin: origin ?? null,
      at: timeOf(timestamp),
      traceback: traceback ?? null,
    }
    const cancelled = type === 'TaskCancelledError'
    return { status: cancelled ? 'cancelled' : 'failed', inferred: false, note: null, result, error }
  }
  const said = saidStatus(task.result)
  if (said) return { status: said, inferred: false, note: null, result, error: null }
  if (!asked) return { status: 'completed', inferred: false, note: null, result, error: null }
  if (task.result === null && !reachedEnd)
    return {
      status: 'cancelled',
      inferred: true,
      note: 'inferred: it ended after cancel was asked',
      result,
      error: null,
    }
  return { status: 'completed', inferred: true, note: 'ended after cancel was asked', result, error: null }
}

function saidStatus(result: unknown): TaskStatus | undefined {
  if (typeof result !== 'object' || result === null) return undefined
  const said = (result as { status?: unknown }).status
  return typeof said === 'string' ? SAID[said] : undefined
}

function resultInfo(task: TaskBody, text: string): ResultInfo {
  if (task.result === null) return { state: 'none', bytes: 0, preview: '', reason: null }
  const json = resultText(text, 'exception')
  return {
    state: 'available',
    bytes: json.length,
    preview: detached(json.slice(0, PREVIEW_CHARS)),
    reason: null,
  }
}
