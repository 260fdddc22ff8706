import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StoreError } from '../record/store.ts'
import { firstSentence, readData } from './config.ts'
import { backupRecord } from './sqlite/sqlite-store.ts'
import { StartError, UsageError } from './usage-error.ts'

const USAGE = `Usage: weir backup DIR [--data DIR]

Copies the record as it is now into the folder DIR, also while Weir runs. The copy is a record of its own:
weir --data DIR shows it.

  --data DIR   the folder of the record (WEIR_DATA, weir.config.json, or the user's data folder)
  --help`

/** `weir backup DIR`: copies the record. Throws UsageError and StartError. */
export async function backup(argv: readonly string[]): Promise<void> {
  const { values, positionals } = readFlags(argv)
  if (values.help) {
    console.log(USAGE)
    return
  }
  const [target, ...more] = positionals
  if (target === undefined || more.length > 0) throw new UsageError('say to which folder: weir backup DIR')
  const to = resolve(target)
  const from = readData(values.data, process.env)
  if (from === null)
    throw new UsageError('a record that is in memory cannot be copied; name its folder with --data')
  try {
    await backupRecord(from, to)
  } catch (error) {
    if (error instanceof StoreError) throw new StartError(error.message)
    throw error
  }
  console.log(`The record ${from} was copied to ${to}`)
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { data: { type: 'string' }, help: { type: 'boolean' } },
    })
  } catch (error) {
    throw new UsageError(firstSentence(error))
  }
}
