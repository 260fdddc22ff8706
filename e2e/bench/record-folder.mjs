// Folders in which relays of the bench keep their record.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** An empty folder for a record below `parent`, gone when `work` is done. */
export async function withFolder(parent, work) {
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'record-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Bytes of a record: the database, and what was written last and is not in it yet. */
export function sizeOfRecord(folder) {
  const size = (name) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  return size('weir.db') + size('weir.db-wal')
}
