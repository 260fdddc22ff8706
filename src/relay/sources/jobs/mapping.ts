import { bounded } from '#lib/detached.ts'
import { isJsonObject, isNumber, stringifyExact } from '#lib/exact-json.ts'
import { valueAt } from '#lib/json-pointer.ts'
import { momentOf } from '#lib/moment.ts'
import type { TaskStatus } from '#model/status.ts'
import { LONGEST_TRACEBACK, type TaskError } from '#model/task.ts'
import type { JobsSettings, Places, ProgressPlaces } from './settings.ts'

/** Jobs of one list that are read, and characters of what names or describes one (contract §2). */
const MOST_JOBS = 5_000
const LONGEST = { id: 500, type: 200, word: 100, message: 20_000 }

/** How far a job says it is; null where it does not. */
export interface JobProgress {
  step: number | null
  total: number | null
  percent: number | null
}

/** One entry of the list, as far as it could be read. Times are ms since epoch by the server's clock. */
export interface Job {
  id: string
  type: string | null
  status: TaskStatus
  /** The server's word for a state that Weir does not know. */
  word: string | null
  progress: JobProgress | null
  message: string | null
  startedAt: number | null
  endedAt: number | null
  /** Null where there is none. */
  result: unknown
  error: TaskError | null
}

export interface JobList {
  jobs: Job[]
  /** Entries that could not be read: what they are, and why. */
  unread: { item: string; why: string }[]
  /** All of the list was read: a job that it lacks is gone. */
  isWhole: boolean
  /** What bare numbers of progress are known to be from now on. */
  scale: Scale
}

/**
 * Reads an answer of the server, whatever it may hold (contract §2, §3); null when no list is where it should be.
 * @param known what bare numbers of progress were so far
 */
export function readJobs(body: unknown, settings: JobsSettings, known: Scale): JobList | null {
  const list = first(body, settings.list, (value) => (Array.isArray(value) ? (value as unknown[]) : null))
  if (!list) return null
  const scale = list.some((entry) => isPercent(entry, settings.progress)) ? 'percent' : known
  const found: JobList = { jobs: [], unread: [], isWhole: list.length <= MOST_JOBS, scale }
  const seen = new Set<string>()
  for (const [index, entry] of list.slice(0, MOST_JOBS).entries()) {
    const id = first(entry, settings.id, idOf)
    const why = id === null ? 'it has no id' : whyNoId(id, seen)
    if (id === null) found.isWhole = false
    if (id === null || why !== null) {
      const item = id === null || id === '' ? `number ${index + 1} of the list` : bounded(id, 100)
      found.unread.push({ item, why: why ?? '' })
      continue
    }
    seen.add(id)
    found.jobs.push(readJob(id, entry, settings, scale))
  }
  if (list.length > MOST_JOBS)
    found.unread.push({
      item: `number ${MOST_JOBS + 1} and more`,
      why: `Weir reads ${MOST_JOBS} jobs of a list`,
    })
  return found
}

function readJob(id: string, entry: unknown, settings: JobsSettings, scale: Scale): Job {
  const word = first(entry, settings.status, textOf)
  const status = (word !== null && settings.statuses.get(word.toLowerCase())) || 'unknown'
  return {
    id,
    type: boundedOrNull(first(entry, settings.type, textOf), LONGEST.type),
    status,
    word: status === 'unknown' ? boundedOrNull(word, LONGEST.word) : null,
    progress: readProgress(entry, settings.progress, scale),
    message: boundedOrNull(first(entry, settings.message, textOf), LONGEST.message),
    startedAt: first(entry, settings.startedAt, timeOf),
    endedAt: first(entry, settings.endedAt, timeOf),
    result: first(entry, settings.result, (value) => value),
    error: first(entry, settings.error, errorOf),
  }
}

/** What a bare number of progress is a part of: `any` while no number above 1 was seen (contract §3). */
export type Scale = 'any' | 'percent'

/** How far something says it is; null where it does not. */
export function readProgress(value: unknown, places: ProgressPlaces, scale: Scale): JobProgress | null {
  if (places.of === 'steps') {
    const step = first(value, places.step, numberOf)
    const total = first(value, places.total, numberOf)
    return step === null ? null : { step, total: total !== null && total > 0 ? total : null, percent: null }
  }
  const said = first(value, places.at, numberOf)
  if (said === null) return null
  const isFraction = places.of === 'fraction' || (places.of === 'any' && scale === 'any' && said <= 1)
  return { step: null, total: null, percent: isFraction ? said * 100 : said }
}

/** One that is above 1 says that all are percent. */
function isPercent(entry: unknown, places: ProgressPlaces): boolean {
  return places.of === 'any' && (first(entry, places.at, numberOf) ?? 0) > 1
}

/** The text of a message or line; null where there is none. */
export function readText(value: unknown, places: Places): string | null {
  return first(value, places, textOf)
}

/** What stands at the first place that has something `read` can read. */
function first<T>(value: unknown, places: Places, read: (at: unknown) => T | null): T | null {
  for (const place of places) {
    const at = valueAt(value, place)
    const found = at === undefined || at === null ? null : read(at)
    if (found !== null) return found
  }
  return null
}

function whyNoId(id: string, seen: ReadonlySet<string>): string | null {
  if (id === '') return 'its id is empty'
  if (id.length > LONGEST.id) return `its id has more than ${LONGEST.id} characters`
  if (id === '.' || id === '..') return `in an address “${id}” means another place`
  if (/\p{Surrogate}/u.test(id)) return 'its id holds half a character, which no address can carry'
  return seen.has(id) ? 'another job of the list has the same id' : null
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' || isNumber(value) ? String(value) : null
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return isNumber(value) || typeof value === 'boolean' ? String(value) : null
}

function numberOf(value: unknown): number | null {
  const isText = typeof value === 'string' && /^\s*-?\d+(?:\.\d*)?\s*%?\s*$/.test(value)
  const number = isText ? Number.parseFloat(value) : isNumber(value) ? Number(value) : Number.NaN
  return Number.isFinite(number) ? number : null
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,3})\d*)?\s?(Z|[+-]\d\d:?\d\d)?$/i
/** Numbers below are seconds: as ms they would lie before 1974. */
const LEAST_MS = 1e11

/** ISO 8601 or a number of seconds or ms since epoch; without a zone it is UTC (contract §3). */
function timeOf(value: unknown): number | null {
  const number = numberOf(value)
  if (number !== null) return momentOf(Math.round(number < LEAST_MS ? number * 1_000 : number))
  const match = typeof value === 'string' ? ISO.exec(value) : null
  if (!match) return null
  const zone = (match[4] ?? 'Z').toUpperCase().replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')
  const ms = Date.parse(`${match[1]!}T${match[2]!}${match[3] ? `.${match[3]}` : ''}${zone}`)
  return Number.isNaN(ms) ? null : momentOf(ms)
}

/** Fields by which an error tells itself, in the order they are looked for. */
const ERROR = {
  type: ['type', 'name', 'code'].map((name) => [name]),
  message: ['message', 'detail', 'error', 'reason'].map((name) => [name]),
  traceback: ['traceback', 'stack', 'stacktrace'].map((name) => [name]),
}

function errorOf(value: unknown): TaskError | null {
  if (value === false || value === '') return null
  const isObject = isJsonObject(value)
  const message = isObject ? first(value, ERROR.message, textOf) : textOf(value)
  return {
    type: boundedOrNull(isObject ? first(value, ERROR.type, textOf) : null, LONGEST.type) ?? 'Error',
    message: bounded(message ?? stringifyExact(value), LONGEST.message),
    origin: null,
    at: null,
    traceback: boundedOrNull(isObject ? first(value, ERROR.traceback, textOf) : null, LONGEST_TRACEBACK),
  }
}

function boundedOrNull(text: string | null, longest: number): string | null {
  return text === null ? null : bounded(text, longest)
}
