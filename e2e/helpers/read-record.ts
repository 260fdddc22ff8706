import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseExact } from '#lib/exact-json.ts'
import { LOG_LINE_KINDS, type LogColumns } from '#model/log-buffer.ts'
import type { Task, TaskSummary } from '#model/task.ts'
import { databaseIn } from '#relay/node/sqlite/folder.ts'
import { Reader } from '#relay/node/sqlite/reader.ts'
import { openForReading } from '#relay/node/sqlite/schema.ts'
import { stateOf } from '#relay/record/read-back.ts'
import { TASK } from '#topics/task.ts'

/** A task as it is on disk. */
export interface KeptTask {
  id: string
  /** What lists show. */
  row: TaskSummary
  /** What its checkpoint and its events come to. */
  state: Task
  /** The lines there are: number after the last one, their kinds, their texts. */
  total: number
  lines: { kind: string; text: string }[]
}

/** The tasks of a record, and what SQLite says of its file: of a copy, so that Weir is left to mend it. */
export function readRecord(folder: string): { tasks: KeptTask[]; integrity: unknown } {
  const copy = mkdtempSync(join(tmpdir(), 'weir-copy-'))
  cpSync(folder, copy, { recursive: true })
  const sql = openForReading(databaseIn(copy))
  const reader = new Reader(copy)
  reader.open()
  try {
    const tasks = reader.addresses(TASK.name).map((address) => {
      const topic = reader.topic(address)!
      const row = parseExact(topic.row.json) as TaskSummary
      const lines = reader.lines(address, 0, Infinity, Infinity, Infinity)
      return {
        id: row.id,
        row,
        state: stateOf(TASK, topic) as Task,
        total: topic.log?.total ?? 0,
        lines: linesOf(lines),
      }
    })
    return { tasks, integrity: sql.first('PRAGMA integrity_check') }
  } finally {
    reader.close()
    sql.close()
    rmSync(copy, { recursive: true })
  }
}

function linesOf({ kinds, texts }: LogColumns): KeptTask['lines'] {
  return texts.map((text, k) => ({ kind: LOG_LINE_KINDS[kinds[k]!]!, text }))
}
