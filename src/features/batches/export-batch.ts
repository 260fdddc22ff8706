import { csvLine, type CsvCell } from '#lib/csv.ts'
import { isJsonObject, parseExact, stringifyExact } from '#lib/exact-json.ts'
import type { Batch } from '#model/batch.ts'
import type { TaskSummary } from '#model/task.ts'

/** One run of a batch, as it is exported. */
export interface ExportedRun {
  index: number
  input: Readonly<Record<string, unknown>>
  task: TaskSummary | null
  /** Why the source did not take it. */
  refused: string | null
  /** The output's own JSON; null where there is none. */
  output: string | null
  /** Why its output could not be read. */
  outputError: string | null
}

/** All runs in order. Outputs stand as the source wrote them: their numbers are not rounded. */
export function exportJson(batch: Batch, runs: readonly ExportedRun[]): string {
  const { id, source, type, name, startedAt, total, concurrency } = batch
  const head = JSON.stringify(
    { id, source, app: type, name, startedAt: iso(startedAt), total, concurrency },
    null,
    2,
  )
  const items = runs.map((run) => {
    const item = stringifyExact({ ...factsOf(run), input: run.input })
    return `    ${item.slice(0, -1)},"output":${run.output ?? 'null'}}`
  })
  return `${head.slice(0, -2)},\n  "runs": [\n${items.join(',\n')}\n  ]\n}\n`
}

function factsOf(run: ExportedRun) {
  const { task } = run
  return {
    run: run.index + 1,
    id: task?.id ?? null,
    status: task?.status ?? (run.refused === null ? 'waiting' : 'refused'),
    startedAt: iso(task?.startedAt ?? null),
    endedAt: iso(task?.endedAt ?? null),
    seconds:
      task && task.startedAt !== null && task.endedAt !== null
        ? (task.endedAt - task.startedAt) / 1_000
        : null,
    error: run.refused ?? (task?.error ? `${task.error.type}: ${task.error.message}` : null),
    ...(run.outputError === null ? {} : { outputError: run.outputError }),
  }
}

/** One line each; fields of inputs and outputs are columns, what is nested is JSON. */
export function exportCsv(runs: readonly ExportedRun[]): string {
  const rows = runs.map((run) => {
    const row: Record<string, CsvCell> = { outputError: '', ...factsOf(run) }
    for (const [name, value] of Object.entries(run.input)) row[`input.${name}`] = cell(value)
    const output = read(run.output)
    if (isJsonObject(output))
      for (const [name, value] of Object.entries(output)) row[`output.${name}`] = cell(value)
    else if (run.output !== null) row['output'] = cell(output)
    return row
  })
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const isEmpty = (column: string) => rows.every((row) => (row[column] ?? '') === '')
  const shown = columns.filter((column) => column !== 'outputError' || !isEmpty(column))
  return csvLine(shown) + rows.map((row) => csvLine(shown.map((column) => row[column]))).join('')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : stringifyExact(value)
}

function read(json: string | null): unknown {
  if (json === null) return null
  try {
    return parseExact(json)
  } catch {
    return json
  }
}

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}

/** Reads the outputs, so many at a time. */
export async function collectRuns(options: {
  batch: Batch
  inputs: readonly Readonly<Record<string, unknown>>[]
  taskOf: (id: string) => TaskSummary | undefined
  output: (id: string) => Promise<string>
  onProgress: (done: number, total: number) => void
  signal: AbortSignal
}): Promise<ExportedRun[]> {
  const { batch, inputs, taskOf, output, onProgress, signal } = options
  const runs = Array.from({ length: batch.total }, (_, index): ExportedRun => {
    const id = batch.taskIds[index] ?? null
    return {
      index,
      input: inputs[index] ?? {},
      task: (id === null ? null : taskOf(id)) ?? null,
      refused: batch.refused.find((each) => each.index === index)?.message ?? null,
      output: null,
      outputError: null,
    }
  })
  const wanted = runs.filter(({ task }) => task && (task.status === 'completed' || task.preview !== null))
  let next = 0
  let done = 0
  const work = async () => {
    while (next < wanted.length) {
      signal.throwIfAborted()
      const run = wanted[next++]!
      try {
        run.output = await output(run.task!.id)
      } catch (error) {
        run.outputError = error instanceof Error ? error.message : String(error)
      }
      onProgress(++done, wanted.length)
    }
  }
  await Promise.all(Array.from({ length: 6 }, work))
  return runs
}
