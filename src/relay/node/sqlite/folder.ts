import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StoreError } from '../../record/store.ts'
import { storeErrorOf } from './sqlite-error.ts'

/** Makes the folder of a record, for its user alone. Throws StoreError. */
export function makeFolder(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOSPC') throw storeErrorOf({ message: code, rawCode: 13 }, directory)
    throw new StoreError(
      'readonly',
      `The folder ${directory} cannot be made (${code}); choose another with --data, or --data none to keep the record in memory.`,
    )
  }
}

export function databaseIn(directory: string): string {
  return join(directory, 'weir.db')
}

/** Bytes of a record on disk: the database, and what was written last and is not in it yet. */
export function bytesIn(directory: string): number {
  const path = databaseIn(directory)
  return ['', '-wal', '-shm'].reduce(
    (sum, end) => sum + (statSync(path + end, { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

/** Returns once a file would survive a power cut. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r+')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
