import { existsSync, statfsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { UsageError } from './usage-error.ts'

/** Says that the record is to be in memory. */
const NONE = 'none'

/** The folder that `--data` names; null: the record is in memory. Throws UsageError. */
export function parseData(value: string): string | null {
  if (value === NONE) return null
  if (value.trim() === '') throw new UsageError('--data names no folder; "none" keeps the record in memory')
  return resolve(value)
}

/** Where programs keep what their user would not want to lose. */
export function defaultDataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Weir')
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Weir')
  // The standard (XDG Base Directory) wants relative paths to be ignored.
  const base = env['XDG_DATA_HOME']
  return join(base && isAbsolute(base) ? base : join(homedir(), '.local', 'share'), 'weir')
}

const UNITS_OF_TIME: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** "90d": for how long what has ended is kept, ms. Throws UsageError. */
export function parseKeep(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([hdw])$/.exec(value.trim().toLowerCase()) ?? []
  const ms = Number(number) * (UNITS_OF_TIME[unit ?? ''] ?? Number.NaN)
  if (!(ms > 0)) throw new UsageError(`keep "${value}" is no time like 90d, 12h or 2w`)
  return ms
}

const UNITS_OF_SIZE: Readonly<Record<string, number>> = {
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

/** "20GB": how large the record may become, bytes. Throws UsageError. */
export function parseKeepSize(value: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([mgt]i?b)$/.exec(value.trim().toLowerCase()) ?? []
  const bytes = Number(number) * (UNITS_OF_SIZE[unit ?? ''] ?? Number.NaN)
  if (!(bytes > 0)) throw new UsageError(`keep-size "${value}" is no size like 20GB or 500MB`)
  return bytes
}

const USUAL_SIZE = 20e9

/** How large a record in a folder may become where nobody says: 20 GB, or a tenth of the disk where that is less. */
export function usualKeepSize(folder: string): number {
  let existing = folder
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  const { blocks, bsize } = statfsSync(existing)
  return Math.min(USUAL_SIZE, (blocks * bsize) / 10)
}
