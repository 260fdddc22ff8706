// A record as it is after months, made once for each size and copied for each use.
import { execFileSync } from 'node:child_process'
import { constants, copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'

const LINES_PER_TASK = 2_000
/** Logs are of so many lengths, in turn; the last is the longest, of more than twice the mean. */
const LENGTHS = 4

/** How many tasks a record of so many lines has. */
export const tasksOf = (lines) => Math.round(lines / LINES_PER_TASK)

/** Some of its long logs, each once and each elsewhere; `middle` is a line in the middle. */
export function longLogs(lines) {
  const groups = Math.floor(tasksOf(lines) / LENGTHS)
  return Array.from({ length: groups }, (_, k) => ({
    id: `old-${String(((k * 7_919) % groups) * LENGTHS + LENGTHS - 1).padStart(5, '0')}`,
    middle: LINES_PER_TASK,
  }))
}

/**
 * Makes a record of so many log lines below `records`, unless it is there.
 * @param dist builds of the bench, where Node finds libraries
 * @returns its folder
 */
export async function fullRecord(records, dist, lines) {
  const folder = join(records, `full-${lines}`)
  if (existsSync(folder)) return folder
  const tools = join(dist, 'tools')
  await build({
    configFile: false,
    root: resolve(import.meta.dirname, '../..'),
    logLevel: 'error',
    publicDir: false,
    build: { ssr: 'e2e/bench/fill-record.ts', outDir: tools, emptyOutDir: true, target: 'node20' },
  })
  const making = `${folder}-making`
  rmSync(making, { recursive: true, force: true })
  execFileSync(
    process.execPath,
    [join(tools, 'fill-record.js'), making, String(tasksOf(lines)), String(lines)],
    { stdio: 'inherit' },
  )
  renameSync(making, folder)
  return folder
}

/** @param to an empty folder */
export function copyRecord(from, to) {
  copyFileSync(join(from, 'weir.db'), join(to, 'weir.db'), constants.COPYFILE_FICLONE)
}
