import * as z from 'zod/mini'
import { parsePointer, type JsonPointer } from '#lib/json-pointer.ts'
import { TASK_STATUSES, type TaskStatus } from '#model/status.ts'
import { SettingsError, type SourceSettings } from '../../source-kind.ts'

/** Where a value may stand; the first place that has one counts. */
export type Places = readonly JsonPointer[]

/** Where progress stands: a number that says by its size what it is, one that is said to be of 1 or 100, or steps. */
export type ProgressPlaces =
  { of: 'any' | 'fraction' | 'percent'; at: Places } | { of: 'steps'; step: Places; total: Places }

/** How the jobs of one server are to be read (contract §2 to §5). */
export interface JobsSettings {
  /** Where the list is asked for. */
  url: string
  /** From one answer to the next request, ms. */
  everyMs: number
  list: Places
  id: Places
  type: Places
  status: Places
  /** What the server's words mean, in lower case. */
  statuses: ReadonlyMap<string, TaskStatus>
  progress: ProgressPlaces
  message: Places
  startedAt: Places
  endedAt: Places
  result: Places
  error: Places
  /** Addresses have `{id}` in the place of the job's id. */
  log: { url: string } | null
  stream: { url: string; message: Places; progress: ProgressPlaces } | null
  cancel: { url: string; method: string } | null
}

/** Words for states that servers commonly use. */
const USUAL_STATUSES: Readonly<Record<string, TaskStatus>> = Object.fromEntries(
  Object.entries({
    queued: 'queued pending waiting created submitted new enqueued',
    scheduled: 'scheduled delayed deferred',
    preparing: 'preparing initializing',
    running: 'running active started in_progress in-progress processing executing working retrying',
    paused: 'paused suspended',
    cancelling: 'cancelling canceling aborting',
    completed: 'completed complete done finished succeeded success successful ok',
    failed: 'failed failure fail error errored err timeout timed_out',
    cancelled: 'cancelled canceled killed aborted revoked terminated stopped',
  } satisfies Partial<Record<TaskStatus, string>>).flatMap(([status, words]) =>
    words.split(' ').map((word) => [word, status as TaskStatus]),
  ),
)

/** What only Weir can say of a task. */
const OWN_STATUSES: readonly TaskStatus[] = ['lost', 'unknown']
const STATUSES = TASK_STATUSES.filter((status) => !OWN_STATUSES.includes(status))

const pointer = z
  .string('must be a text, a JSON pointer (RFC 6901), as in "/state"')
  .check(z.refine((text) => parsePointer(text) !== null, 'must be a JSON pointer (RFC 6901), as in "/state"'))
/** An object of these fields and no others. */
const fields = <S extends z.core.$ZodShape>(shape: S) =>
  z.strictObject(shape, {
    error: (issue) => {
      const names = Object.keys(shape).join(', ')
      return issue.code === 'unrecognized_keys'
        ? `has ${JSON.stringify(issue.keys)}, which is none of ${names}`
        : `must be an object with ${names}`
    },
  })
const progress = z.optional(
  z.union(
    [
      pointer,
      fields({ fraction: pointer }),
      fields({ percent: pointer }),
      fields({ step: pointer, total: pointer }),
    ],
    'must be a JSON pointer, as in "/progress", or one of {"fraction": …}, {"percent": …} and {"step": …, "total": …}',
  ),
)
const url = z.string('must be an address with {id} in it')

const schema = fields({
  pollSeconds: z.optional(
    z
      .number('must be a number of seconds')
      .check(z.gte(0.2, 'must be 0.2 or more'), z.lte(3_600, 'must be 3600 or less')),
  ),
  list: z.optional(pointer),
  id: z.optional(pointer),
  type: z.optional(pointer),
  status: z.optional(pointer),
  statuses: z.optional(z.record(z.string(), z.enum(STATUSES, `must be one of ${STATUSES.join(', ')}`))),
  progress,
  message: z.optional(pointer),
  startedAt: z.optional(pointer),
  endedAt: z.optional(pointer),
  result: z.optional(pointer),
  error: z.optional(pointer),
  log: z.optional(fields({ url })),
  stream: z.optional(fields({ url, message: z.optional(pointer), progress })),
  cancel: z.optional(
    fields({
      url,
      method: z.optional(z.enum(['POST', 'PUT', 'PATCH', 'DELETE'], 'must be POST, PUT, PATCH or DELETE')),
    }),
  ),
})

/**
 * Reads what the configuration says of a source of jobs; what it leaves out is looked for under common names.
 * Throws SettingsError.
 * @param list where the list is asked for
 */
export function readSettings(list: string, given: SourceSettings): JobsSettings {
  const result = schema.safeParse(given)
  if (!result.success) {
    const issue = result.error.issues[0]
    const where = issue?.path.join('.')
    throw new SettingsError(`${where ? `${where} ` : ''}${issue?.message ?? 'cannot be read'}`)
  }
  const said = result.data
  const at = (name: string, told: { url: string }) => checkedUrl(name, told.url, list)
  return {
    url: list,
    everyMs: (said.pollSeconds ?? 2) * 1_000,
    list: places(said.list, ['', '/jobs', '/items', '/tasks', '/data', '/results', '/runs']),
    id: places(said.id, ['/id', '/job_id', '/jobId', '/task_id', '/uuid', '/name']),
    type: places(said.type, ['/type', '/kind', '/task', '/name', '/title']),
    status: places(said.status, ['/status', '/state']),
    statuses: new Map(
      [...Object.entries(USUAL_STATUSES), ...Object.entries(said.statuses ?? {})].map(
        ([word, status]): [string, TaskStatus] => [word.toLowerCase(), status],
      ),
    ),
    progress: progressPlaces(said.progress),
    message: places(said.message, ['/message', '/status_message', '/detail']),
    startedAt: places(said.startedAt, ['/started_at', '/startedAt', '/start_time', '/startTime', '/started']),
    endedAt: places(said.endedAt, [
      '/ended_at',
      '/endedAt',
      '/finished_at',
      '/finishedAt',
      '/completed_at',
      '/completedAt',
      '/end_time',
      '/endTime',
    ]),
    result: places(said.result, ['/result', '/output']),
    error: places(said.error, ['/error', '/exception']),
    log: said.log ? { url: at('log.url', said.log) } : null,
    stream: said.stream
      ? {
          url: at('stream.url', said.stream),
          message: places(said.stream.message, ['/message', '/line', '/text', '/log', '/msg']),
          progress: progressPlaces(said.stream.progress),
        }
      : null,
    cancel: said.cancel ? { url: at('cancel.url', said.cancel), method: said.cancel.method ?? 'POST' } : null,
  }
}

function places(said: string | undefined, usual: readonly string[]): Places {
  return (said === undefined ? usual : [said]).map((text) => parsePointer(text)!)
}

function progressPlaces(said: z.infer<typeof progress>): ProgressPlaces {
  if (said === undefined)
    return { of: 'any', at: places(undefined, ['/progress', '/percent', '/percentage', '/progress_percent']) }
  if (typeof said === 'string') return { of: 'any', at: places(said, []) }
  if ('step' in said) return { of: 'steps', step: places(said.step, []), total: places(said.total, []) }
  return 'percent' in said
    ? { of: 'percent', at: places(said.percent, []) }
    : { of: 'fraction', at: places(said.fraction, []) }
}

/** What lets Weir in is for the one server alone: no job is asked for elsewhere (contract §1). */
function checkedUrl(name: string, text: string, list: string): string {
  if (!text.includes('{id}'))
    throw new SettingsError(`${name} must have {id} in the place of the job's id, as in "${list}/{id}/log"`)
  const { origin } = new URL(list)
  const sample = text.replaceAll('{id}', 'id')
  const address = URL.canParse(sample, list) ? new URL(sample, list) : null
  if (address?.origin !== origin)
    throw new SettingsError(`${name} must be an address at ${origin}, where the list is`)
  if (address.username || address.password)
    throw new SettingsError(`${name} has a password in it; what lets Weir in stands in the environment`)
  return text
}

/** The address of one job's log, stream or cancel. */
export function urlOf(template: string, list: string, id: string): string {
  return new URL(
    template.replaceAll('{id}', () => encodeURIComponent(id)),
    list,
  ).href
}
