import { formatDuration } from '#lib/format.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { Batch } from '#model/batch.ts'
import type { Task } from '#model/task.ts'
import type { BatchSize } from '#protocols/weir/api.ts'
import { logText } from './log-text.ts'
import { SourceError, type SourceAdapter } from './source-adapter.ts'
import type { Tasks } from './record/doors.ts'

/** A line's time and the space behind it. */
const TIME_CHARS = 26

export interface BatchTextOptions {
  batch: Batch
  inputs: readonly Readonly<Record<string, unknown>>[]
  book: Tasks
  adapter: SourceAdapter
}

/** How much `batchText` would be, as far as it is known now. */
export async function batchSize({
  batch,
  book,
}: Pick<BatchTextOptions, 'batch' | 'book'>): Promise<BatchSize> {
  const size: BatchSize = { lines: 0, linesGone: 0, bytes: 0 }
  for (const id of batch.taskIds) {
    const task = id === null ? undefined : await book.load(batch.source, id)
    const log = task && book.log(task.source, task.id)
    if (!log) continue
    size.lines += log.total - log.first
    size.linesGone += log.first
    size.bytes += log.bytes + (log.total - log.first) * TIME_CHARS
    size.bytes += task.detail.output?.bytes ?? task.result?.bytes ?? 0
  }
  return size
}

/** Inputs, states, logs and outputs of all runs of a batch as one text, run by run as it is read. */
export async function* batchText(options: BatchTextOptions): AsyncGenerator<string, void> {
  const { batch, inputs } = options
  yield `${batch.name}\n${batch.type} in ${batch.source}, ${batch.total} runs, started ${iso(batch.startedAt)}\n`
  for (const [index, id] of batch.taskIds.entries()) {
    const task = id === null ? undefined : await options.book.load(batch.source, id)
    const refused = batch.refused.find((each) => each.index === index)
    const state = task
      ? stateOf(task)
      : refused
        ? 'refused'
        : batch.cancelledAt === null
          ? 'waiting'
          : 'not started'
    yield `\n==== run ${index + 1} of ${batch.total} · ${id === null ? '' : `${id} · `}${state} ====\n`
    yield `input: ${stringifyExact(inputs[index] ?? {})}\n`
    if (refused) yield `${refused.message}\n`
    if (task) yield* runText(task, options)
  }
}

async function* runText(task: Task, { book, adapter }: BatchTextOptions): AsyncGenerator<string, void> {
  yield* logText(book, task.source, task.id)
  if (task.error) yield `---- error ----\n${task.error.type}: ${task.error.message}\n`
  if (task.result?.state !== 'available' && task.detail.output === null) return
  yield `---- ${task.detail.output?.provisional ? 'provisional output' : 'output'} ----\n`
  try {
    yield `${(await book.output(task.source, task.id)) ?? (await adapter.output(task.id))}\n`
  } catch (error) {
    if (!(error instanceof SourceError)) throw error
    yield `[it could not be read: ${error.message}]\n`
  }
}

function stateOf(task: Task): string {
  const { status, startedAt, endedAt } = task
  return startedAt !== null && endedAt !== null
    ? `${status} · ran ${formatDuration(endedAt - startedAt)}`
    : status
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
