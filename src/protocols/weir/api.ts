import * as z from 'zod/mini'
import type { Author } from '#model/author.ts'
import type { Batch } from '#model/batch.ts'
import type { Command, CommandError, CommandOutcome, Requirement } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import { LONGEST_FOLLOW_MS } from '#model/source.ts'
import type { TaskSummary } from '#model/task.ts'
import type { DeviceRecord, SeriesPart, StatePart } from '#model/device-events.ts'

/*
 * The relay's REST API under `/api`. Answers of our own relay are typed, not validated again; what a page or
 * a script sends is validated here: a body larger than 16 MB is answered by 413, one nested deeper than 200
 * levels by 400. Errors are RFC 9457 problems.
 *
 *   GET  /health                         Health
 *   GET  /sources                        { sources: Source[] }
 *   POST /sources/:source/retry          204: tries the source and its streams again now
 *   POST /sources/:source/stop           StopRequest → StopAnswer, when all have answered (up to 35 s)
 *   GET  /tasks?source&status&type&text&ended&unlisted&cursor&limit
 *                                        TaskPage: unfinished first, then those that ended last; `unlisted`: only
 *                                        those that are in no live list any more
 *   POST /tasks/:source                  StartRequest → StartAnswer
 *   GET  /tasks/:source/:id              Task
 *   POST /tasks/:source/:id/cancel|pause|resume            → { command: Command }
 *   POST /tasks/:source/:id/parameters   ParameterRequest  → { command: Command }
 *   POST /tasks/:source/:id/retry-stream                   → 204
 *   GET  /tasks/:source/:id/log?from&to  WireLines (at most 10,000 lines)
 *   GET  /tasks/:source/:id/log.txt      the kept log as text
 *   GET  /tasks/:source/:id/output       the result's own JSON, asked of the source once and kept
 *   GET  /tasks/:source/:id/raw          { items: RawItem[] } the newest raw messages
 *   GET  /tasks/:source/:id/output?revision=N  an earlier output, while it is kept
 *   GET  /tasks/:source/:id/telemetry|timings  what an inference.sh task has of them, as JSON
 *   GET  /tasks/:source/:id/schemas      TaskSchemas: what the app of an inference.sh task takes and makes
 *   PUT  /tasks/:source/:id/timeout      TimeoutRequest → 204: "cancel after", kept by the relay
 *   PUT  /tasks/:source/:id/follow       FollowRequest → 204: for how long an inference.sh task is followed
 *   PUT  /sources/:source/reconnect      ReconnectRequest → ReconnectRequest
 *   GET  /apps/:source?text=             { apps: AppSummary[] }
 *   GET  /apps/:source/NAMESPACE/NAME    { app: AppInfo }
 *   GET  /files?url=                     a file of an output, from hosts of the sources only
 *   POST /files/:source?name=&type=      the bytes → { uri: string }: an upload, for an app's input
 *   GET  /commands                       { commands: Command[] }
 *   GET  /batches                        { batches: Batch[] }
 *   POST /batches/:source                BatchStartRequest → { batch: Batch }
 *   GET  /batches/:id                    { batch: Batch, inputs: object[] }
 *   GET  /batches/:id/size               BatchSize
 *   GET  /batches/:id/logs.txt           inputs, states, logs and outputs of all its runs as one text
 *   POST /batches/:id/cancel             → { commands: Command[] }
 *   POST /batches/:id/rerun              → { batch: Batch }: the inputs that failed, as a new batch
 *   GET  /devices?source                 { devices: Device[] }
 *   POST /devices/:source                AddDeviceRequest → { command: Command }
 *   GET  /devices/:source/:id            DeviceAnswer
 *   GET  /devices/:source/:id/methods    { methods: Method[] }
 *   POST /devices/:source/:id/connect|disconnect           → { command: Command }
 *   POST /devices/:source/:id/call       CallRequest → CallAnswer, when the device has answered (up to 35 s)
 *   GET  /devices/:source/:id/calls      { calls: Call[] } the newest calls, newest first
 *   GET  /devices/:source/:id/calls/:command  a call's whole result, its own JSON
 *   DELETE /devices/:source/:id/error    → { command: Command }
 *   POST /devices/:source/:id/stream/start  StreamStartRequest → { command: Command }; 409 `would-disturb`
 *   POST /devices/:source/:id/stream/stop   StreamStopRequest  → { command: Command }; 409 `would-disturb`
 *   PUT  /devices/:source/:id/stream/keep   KeepRequest → 204
 *   POST /devices/:source/:id/retry-stream                 → 204
 *   GET  /tasks/:source/:id/samples, /samples.csv          the numbers that a task reports, as of devices
 *   GET  /devices/:source/:id/samples?from&to&points&channel=…  SamplesAnswer
 *   GET  /devices/:source/:id/samples.csv?from&to&channel=…     all kept samples of the range
 *   GET  /devices/:source/:id/raw        { items: RawItem[] } the newest messages
 *   GET  /stream?session=ID[&after=ID]   the page's events; PUT /stream/:session/topics sets what they cover
 *   GET  /stream?carrier=ID              the events of all tabs of a browser; PUT /stream/:carrier/sessions
 *                                        SessionsRequest → 204 sets whose and of what; 404 while it is not open
 *   HEAD /stream                         204: whether one may
 *   GET  /stream?topic=…&topic=…         the same for curl and scripts, topics fixed
 */

/** Tasks that match, and where the next page begins: null after the last. */
export interface TaskPage {
  tasks: TaskSummary[]
  cursor: string | null
}

/** Weir answers; what is not well all the same stands in `problems`. It needs no token. */
export interface Health {
  status: 'ok'
  version: string
  problems: HealthProblem[]
}

/** Something that is not well, and that a person should look at. */
export interface HealthProblem {
  /** `record`: what is heard is not written, or waits to be. */
  about: 'source' | 'record'
  /** Of the source; null where Weir has only one such thing. */
  name: string | null
  /** ms since epoch. */
  since: number
  /** In words, without anything that a source wrote. */
  text: string
}

/** An id that every source can address: LabDaemon wire contract §2. */
const taskId = z.string().check(
  z.regex(/^[A-Za-z0-9._-]{1,200}$/, 'use letters, digits, dots, underscores and hyphens'),
  z.refine((id) => id !== '.' && id !== '..', 'cannot be a path'),
)

export const startRequest = z.object({
  /** Where the source chooses ids itself, it is left out. */
  id: z.optional(taskId),
  type: z.string().check(z.minLength(1, 'say what to start')),
  params: z._default(z.record(z.string(), z.unknown()), {}),
  /** How many to start in parallel, with ids `ID-1` to `ID-N`; 1 starts `ID`. */
  copies: z._default(z.int().check(z.gte(1), z.lte(200)), 1),
  /** What only some sources know: RunOptions for inference.sh. */
  options: z.optional(z.record(z.string(), z.unknown())),
})
export type StartRequest = z.input<typeof startRequest>

export interface StartAnswer {
  /** One per task, in order; `error` is null where the task began. */
  started: { id: string; command: Command }[]
  batch: string | null
}

export const batchStartRequest = z.object({
  type: z.string().check(z.minLength(1, 'say what to start')),
  name: z.string().check(z.minLength(1), z.maxLength(200)),
  inputs: z.array(z.record(z.string(), z.unknown())).check(z.minLength(1, 'no inputs'), z.maxLength(1_000)),
  /** How many may be under way at once. */
  concurrency: z._default(z.int().check(z.gte(1), z.lte(1_000)), 10),
  /** Where Weir chooses the ids, they are PREFIX-1 and so on. */
  idPrefix: z.optional(taskId),
  options: z.optional(z.record(z.string(), z.unknown())),
})
export type BatchStartRequest = z.input<typeof batchStartRequest>

export interface BatchAnswer {
  batch: Batch
}

/** How much the logs and outputs of a batch are. */
export interface BatchSize {
  /** Lines that are kept, and lines that no longer are. */
  lines: number
  linesGone: number
  /** About how many bytes it is as one text, as far as it is known now. */
  bytes: number
}

/** Options of a run of inference.sh, by its own names. */
export interface RunOptions {
  function?: string
  setup?: unknown
  infra?: 'cloud' | 'private' | 'private_first'
  /** `new`, or the id of a session. */
  session?: string
  /** Seconds, 1 to 3600. */
  session_timeout?: number
  /** RFC 3339: not before. */
  run_at?: string
  /** Weir's own: cancel when it has not ended after so many seconds. */
  cancel_after?: number
}

/** An app in a list. */
export interface AppSummary {
  /** `namespace/name`: what a run names. */
  ref: string
  title: string
  description: string
  category: string | null
}

/** An app with what it can do, the default function first. Schemas are JSON Schemas, or null. */
export interface AppInfo extends AppSummary {
  functions: {
    name: string
    description: string | null
    inputSchema: Readonly<Record<string, unknown>> | null
    outputSchema: Readonly<Record<string, unknown>> | null
    setupSchema: Readonly<Record<string, unknown>> | null
  }[]
}

/** JSON Schemas of the app a run is of, in the version and of the function that ran; null where it has none. */
export interface TaskSchemas {
  input: Readonly<Record<string, unknown>> | null
  output: Readonly<Record<string, unknown>> | null
}

export const timeoutRequest = z.object({
  /** ms from now; null takes a timeout back. */
  afterMs: z.nullable(z.number().check(z.gt(0))),
})

const followMs = z.nullable(z.number().check(z.gt(0), z.lte(LONGEST_FOLLOW_MS)))

export const followRequest = z.object({
  /** ms from now; null follows to the end. */
  forMs: followMs,
})

/** How a source's streams reconnect, and how long each is followed: ReconnectSettings. */
export const reconnectRequest = z.object({
  /** Tries in a row; null goes on for ever. */
  retries: z.nullable(z.int().check(z.gte(0), z.lte(1_000))),
  /** The first delay and the longest, ms. */
  delayMs: z.number().check(z.gte(100), z.lte(600_000)),
  mostMs: z.number().check(z.gte(100), z.lte(3_600_000)),
  followMs: z._default(followMs, null),
})
export type ReconnectRequest = z.infer<typeof reconnectRequest>

export const stopRequest = z.object({
  /** Only these; null: every unfinished task, and what waits to start is not started. */
  tasks: z._default(z.nullable(z.array(z.string())), null),
})

export interface StopAnswer {
  /** One for each task that was asked to cancel, with what became of it. */
  commands: Command[]
  /** Tasks that had been asked before. */
  cancelling: string[]
  /** Runs of batches that waited, and will not start. */
  notStarted: number
}

export const parameterRequest = z.object({
  key: z.string().check(z.minLength(1, 'name the parameter')),
  value: z.unknown(),
})
export type ParameterRequest = z.infer<typeof parameterRequest>

export const topicsRequest = z.object({ topics: z.array(z.string()).check(z.maxLength(2_000)) })

/** Which sessions a browser's stream carries from now on; any other it carried is let go. */
export const sessionsRequest = z.object({
  /** Counts the statements of this browser: what comes late is void. */
  n: z.int(),
  sessions: z
    .array(
      z.object({
        id: z.string().check(z.minLength(1), z.maxLength(200)),
        /**
         * Stands before the id of each of its messages, with a space between. A new one starts anew after
         * `after`; with the one it had, the session goes on and `after` says nothing.
         */
        route: z.string().check(z.regex(/^[\w.-]{1,60}$/, 'use letters, digits, dots and hyphens')),
        /** The id of the last message seen; null: none. */
        after: z.nullable(z.string().check(z.maxLength(200))),
        /**
         * `live`: of everything, as it happens; `slowly`: every 2 s; `no`: of nothing, while it goes on to
         * count as a watcher of its topics.
         */
        tell: z.enum(['live', 'slowly', 'no']),
        topics: z.array(z.string()).check(z.maxLength(2_000)),
      }),
    )
    .check(z.maxLength(1_000)),
})
export type SessionsRequest = z.infer<typeof sessionsRequest>
export type CarriedSession = SessionsRequest['sessions'][number]

export interface CommandAnswer {
  command: Command
}

/** An id that can be addressed: LabDaemon wire contract §2. */
export const addDeviceRequest = z.object({
  id: taskId,
  type: z.string().check(z.minLength(1, 'say what type the device is')),
  params: z._default(z.record(z.string(), z.unknown()), {}),
})
export type AddDeviceRequest = z.input<typeof addDeviceRequest>

export const callRequest = z.object({
  method: z.string().check(z.minLength(1, 'name the method')),
  args: z._default(z.array(z.unknown()), []),
  kwargs: z._default(z.record(z.string(), z.unknown()), {}),
})
export type CallRequest = z.input<typeof callRequest>

/** How long a stream is kept when nobody watches, ms; null: until stopped. */
const keepMs = z.nullable(z.number().check(z.gte(0), z.lte(7 * 24 * 3_600_000)))
/** Kept so long unless chosen otherwise. */
const KEEP_MS = 10 * 60_000

export const streamStartRequest = z.object({
  keepMs: z._default(keepMs, KEEP_MS),
  /** The consequence was shown, and accepted. */
  force: z._default(z.boolean(), false),
})
export type StreamStartRequest = z.input<typeof streamStartRequest>
export const streamStopRequest = z.object({ force: z._default(z.boolean(), false) })
export type StreamStopRequest = z.input<typeof streamStopRequest>
export const keepRequest = z.object({ keepMs })

/** Whom starting or stopping a stream would disturb. */
export interface Disturbance {
  /** The task that owns the device, if one does. */
  owner: string | null
  /** What would happen, in whole sentences. */
  consequence: string
}

export interface DeviceAnswer {
  device: Device
  record: DeviceRecord
}

/** A method of a device as its signature and docstring tell. */
export interface Method {
  name: string
  parameters: MethodParameter[]
  doc: string | null
}

export interface MethodParameter {
  name: string
  /** integer, number, string, boolean, array, object, null or any. */
  type: string
  required: boolean
  default?: unknown
}

/** A call of a method, and what became of it. Times are ms since epoch. */
export interface Call {
  /** Its entry in the ledger. */
  command: string
  method: string
  args: unknown[]
  kwargs: Record<string, unknown>
  by: Author
  at: number
  /** Null while it is not answered. */
  endedAt: number | null
  /** The result's JSON, whole when it is short (16 KiB), else its beginning; null when there is none. */
  result: { preview: string; bytes: number } | null
  error: CommandError | null
}

export interface CallAnswer {
  command: Command
  call: Call
}

/** Kept samples of a range, thinned to the number of points asked for. */
export interface SamplesAnswer {
  series: SeriesPart[]
  states: StatePart[]
  /** From when on all samples received are kept, ms since epoch; null when none are. */
  exactFrom: number | null
  /** True when `series` has every sample kept in the range. */
  exact: boolean
}

/** One message as the source sent it. */
export interface RawItem {
  /** ms since epoch. */
  at: number
  /** Event name on the wire ("device_data"). */
  event: string
  /** The body; cut when longer than 16 KiB. */
  body: string
  /** Full length in characters. */
  length: number
}

/** RFC 9457, with the source's own words inside. */
export interface Problem {
  /** `about:blank` or a name of ours: "refused", "unreachable", "bad-request". */
  type: string
  title: string
  status: number
  detail?: string
  /** Of a command: what became of it. */
  outcome?: CommandOutcome
  /** The source's own error type and message, when it refused. */
  source?: { type: string; message: string; owner: string | null }
  /** With `would-disturb`: ask the person, then send it again with `force`. */
  disturbs?: Disturbance
  /** What the source wants to be there first, where it listed it (412). */
  requirements?: readonly Requirement[]
}
