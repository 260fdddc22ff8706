import { bounded } from '#lib/detached.ts'
import { stringifyExact, withPlainNumbers } from '#lib/exact-json.ts'
import { isTerminal, type TaskStatus } from '#model/status.ts'
import type { DeltaChange, TaskChange, TaskMeta, Timing } from './changes.ts'
import { mergeDelta } from './delta.ts'
import { problemMessage } from './envelope.ts'
import type { WireLine } from './lines.ts'
import { TaskLogs, type LogMode } from './logs.ts'
import { changedFields, isEmptyOutput } from './output.ts'
import { LogProgress, reportedProgress, type Reported } from './progress.ts'
import { statusOf, unknownStatus } from './status.ts'
import {
  finiteOf,
  instantOf,
  isRecord,
  isSafeKey,
  own,
  sameJson,
  textOf,
  timeOf,
  type WireRecord,
} from './values.ts'

/** A time further ahead of our clock is not believed: it would make all that follows look late. */
const FUTURE_MS = 24 * 3_600_000

/** Who speaks louder about progress. */
const RANKS = { task: 3, output: 2, log: 1 } as const

/** An entry of `events`, or the `status` field, on its way to a change. */
interface Entered {
  status: TaskStatus
  /** ms since epoch; null when the service did not say. */
  at: number | null
  raw: unknown
}

/**
 * Folds one task's stream and its full reads into changes, each told once (inference.sh wire contract §6 to §9).
 *
 * Lines count by what they name; lines older than what is known do not count. A final state is left only by a
 * full read. After a connection was lost (`cut`), a full read or the first snapshot is taken as the truth: what
 * happened in between comes out of its events, its logs and its output. Only deltas can be missing, and that is
 * told as a gap.
 */
export class TaskReader {
  readonly id: string
  #status: TaskStatus | null = null
  #rawStatus: unknown = undefined
  /** The service's word for the status that is not known here, while it has such a one. */
  #unknownStatus: string | null = null
  #statusAt: number | null = null
  /** `updated_at` of the newest line, with microseconds. */
  #updatedAt: number | null = null
  /** The newest event that was taken in, and the statuses told since that had no event. */
  #lastEvent: string | null = null
  #unlisted: TaskStatus[] = []
  #seed = false
  #cancelAsked = false

  /** Top-level fields as last sent, without the logs. */
  readonly #fields = new Map<string, unknown>()
  #meta: Partial<TaskMeta> = {}
  readonly #logs = new TaskLogs()
  #logProgress = new LogProgress()
  #progress: (Reported & { origin: keyof typeof RANKS }) | null = null
  /** The output as last sent. */
  #output: unknown = null
  /** The same as last told: with what came in pieces beside it. */
  #shown: unknown = null
  #provisional = true
  /** It came as `partial_output`. */
  #fromPartial = false
  #error: string | null = null
  #done = false
  /** True until the first logs of a connection: they may repeat what is known. */
  #resumed = true

  #deltas: WireRecord = {}
  #seq: number | null = null
  #deltaSeen = false
  /** A connection was lost while deltas were flowing: some may be missing. */
  #deltaDoubt = false

  #malformed = 0
  #foreign = 0

  constructor(id: string) {
    this.id = id
  }

  /** The last known status; null before there was one. */
  get status(): TaskStatus | null {
    return this.#status
  }

  /** The status as it was last on the wire, known or not. */
  get rawStatus(): unknown {
    return this.#rawStatus
  }

  get output(): unknown {
    return this.#output
  }

  /** What the deltas so far add up to. */
  get deltas(): WireRecord {
    return this.#deltas
  }

  /**
   * What there is of the output while the task runs: as last sent, and the fields that came in pieces in their
   * newest form. An app may do both, and neither takes away what the other said.
   */
  get shown(): unknown {
    return withPieces(this.#output, this.#deltas)
  }

  get error(): string | null {
    return this.#error
  }

  /** The task as last sent, field by field, without its logs: for the raw view. */
  get task(): WireRecord {
    return Object.fromEntries(this.#fields)
  }

  /** Lines that could not be read. */
  get malformed(): number {
    return this.#malformed
  }

  /** Lines that were another task's. */
  get foreign(): number {
    return this.#foreign
  }

  /** Somebody asked to cancel: the number 8 means cancelling from now on, whatever the dialect. */
  cancelAsked(): void {
    this.#cancelAsked = true
  }

  /** The connection was lost or is to be opened again. */
  cut(): void {
    this.#resumed = true
    if (this.#deltaSeen && !this.#isOver()) this.#deltaDoubt = true
  }

  /** Takes a line of the stream. `now` is our clock, for what comes without a time. */
  line(line: WireLine, now: number): TaskChange[] {
    switch (line.shape) {
      case 'nothing':
      case 'event':
        return []
      case 'heartbeat':
        return [{ k: 'heartbeat' }]
      case 'malformed':
        this.#malformed += 1
        return [{ k: 'malformed', raw: line.raw, why: line.why }]
      case 'error':
        return [{ k: 'error', message: line.message, origin: 'stream' }]
      case 'delta':
        return this.#takeDelta(line.delta, line.seq, line.resourceId)
      case 'snapshot':
        return this.#apply(line.data, Object.keys(line.data), 'update', now)
      case 'partial':
        // The time belongs to every change, named or not; a change of nothing is none.
        return line.fields.length === 0
          ? []
          : this.#apply(line.data, [...line.fields, 'updated_at'], 'update', now)
      case 'done': {
        const changes = line.data ? this.#apply(line.data, Object.keys(line.data), 'update', now) : []
        return this.#done ? changes : [...changes, { k: 'done', final: false }]
      }
    }
  }

  /** Takes a full read: the answer to `GET /tasks/{id}`, or a row of a list. Only it can revive a task. */
  read(task: unknown, now: number): TaskChange[] {
    return isRecord(task) ? this.#apply(task, Object.keys(task), 'whole', now) : []
  }

  /** Takes the answer to `GET /tasks/{id}/logs`, which has the last word about logs. */
  readLogs(body: unknown): TaskChange[] {
    return isRecord(body) && this.#isMine(own(body, 'task_id'))
      ? this.#takeLogs(own(body, 'logs'), 'whole')
      : []
  }

  /**
   * Takes the answer to `GET /tasks/{id}/timings`. Its names settle what a number left open: a task that it calls
   * over is over.
   */
  readTimings(body: unknown, now: number): TaskChange[] {
    const events = isRecord(body) && this.#isMine(own(body, 'task_id')) ? own(body, 'events') : null
    const last: unknown = Array.isArray(events) ? events.at(-1) : null
    const name = isRecord(last) ? own(last, 'status') : null
    const status = typeof name === 'string' ? statusOf(name) : null
    if (!isRecord(last) || status === null || !isTerminal(status) || this.#isOver()) return []
    return this.#ended({ status, at: timeOf(own(last, 'timestamp')), raw: name }, now)
  }

  /** The task is over and read: lets go of all that was only needed to tell what is new. */
  release(): void {
    this.#fields.clear()
    this.#logs.release()
    this.#logProgress = new LogProgress()
    this.#deltas = {}
    this.#meta = {}
    this.#output = null
    this.#shown = null
  }

  #isOver(): boolean {
    return this.#status !== null && isTerminal(this.#status)
  }

  /** False for another task's id; nothing at all is ours. */
  #isMine(id: unknown): boolean {
    if (typeof id !== 'string' || id === this.id) return true
    this.#foreign += 1
    return false
  }

  #apply(data: WireRecord, names: readonly string[], source: 'update' | 'whole', now: number): TaskChange[] {
    if (!this.#isMine(own(data, 'id'))) return []
    const patch = new Map<string, unknown>()
    for (const name of names) if (isSafeKey(name) && Object.hasOwn(data, name)) patch.set(name, data[name])
    const updatedAt = instantOf(patch.get('updated_at'))
    if (updatedAt !== null && this.#updatedAt !== null && updatedAt < this.#updatedAt) return []
    this.#sniff(patch)
    const claimed = statusOf(patch.get('status'), patch.get('status_text'), {
      seedDialect: this.#seed,
      cancelAsked: this.#cancelAsked,
    })
    if (source === 'update' && this.#isOver() && claimed !== null && claimed !== this.#status) return []
    if (updatedAt !== null && updatedAt < now + FUTURE_MS) this.#updatedAt = updatedAt
    if (patch.has('status')) this.#rawStatus = patch.get('status')
    for (const [name, value] of patch) if (name !== 'logs') this.#fields.set(name, value)

    const events = this.#eventsIn(patch.get('events'))
    const entered = this.#entered(claimed, events, patch, updatedAt)
    const word = claimed === null ? unknownStatus(patch.get('status'), patch.get('status_text')) : null
    if (word !== null && word !== this.#unknownStatus && !this.#isOver())
      entered.push({ status: 'unknown', at: updatedAt === null ? null : Math.round(updatedAt), raw: word })
    const end = entered.at(-1)
    const ending = end && isTerminal(end.status) ? end : null
    const over = ending !== null || (entered.length === 0 && this.#isOver())
    const mode: LogMode = source === 'whole' ? 'whole' : this.#resumed ? 'resumed' : 'update'
    if (source === 'update' && (patch.get('logs') ?? null) !== null) this.#resumed = false

    const changes = this.#takeMeta(patch, events)
    for (const each of entered) if (each !== ending) changes.push(...this.#enter(each, now))
    changes.push(...this.#takeLogs(patch.get('logs'), mode))
    if (!over) changes.push(...this.#takeProgress('task', reportedProgress(patch.get('progress'))))
    changes.push(...this.#takeOutput(patch, ending?.status ?? this.#status))
    const error = taskError(patch.get('error'))
    if (error !== null && error !== this.#error) changes.push({ k: 'error', message: error, origin: 'task' })
    if (patch.has('error')) this.#error = error
    if (ending) changes.push(...this.#ended(ending, now))
    return changes
  }

  /** Notes what only the documented dialect sends: its number 8 means another thing. */
  #sniff(patch: ReadonlyMap<string, unknown>): void {
    const logs = patch.get('logs')
    this.#seed ||=
      isRecord(patch.get('partial_output')) ||
      isRecord(patch.get('progress')) ||
      finiteOf(patch.get('progress')) !== null ||
      (typeof logs === 'string' && logs !== '') ||
      (Array.isArray(logs) && logs.some((line) => typeof line === 'string'))
  }

  #eventsIn(value: unknown): (Entered & { key: string })[] {
    if (!Array.isArray(value)) return []
    return value.flatMap((event: unknown) => {
      if (!isRecord(event) || !this.#mayBeMine(own(event, 'task_id'))) return []
      const raw = own(event, 'status')
      const at = timeOf(own(event, 'event_time')) ?? timeOf(own(event, 'created_at'))
      const status = statusOf(raw, own(event, 'status_text'), {
        seedDialect: this.#seed,
        cancelAsked: this.#cancelAsked,
      })
      if (status === null) return []
      return [{ status, at, raw, key: textOf(own(event, 'id')) ?? `${at ?? ''}|${status}` }]
    })
  }

  #mayBeMine(id: unknown): boolean {
    return typeof id !== 'string' || id === this.id
  }

  /**
   * The statuses that the task has entered since the last time, in order: those among its events that are new,
   * then the one it says it has. An end counts only when the status says so, too.
   */
  #entered(
    claimed: TaskStatus | null,
    events: readonly (Entered & { key: string })[],
    patch: ReadonlyMap<string, unknown>,
    updatedAt: number | null,
  ): Entered[] {
    const entered: Entered[] = []
    let current = this.#status
    const fresh = this.#freshEvents(events)
    for (const [index, event] of fresh.entries()) {
      const last = index === fresh.length - 1
      if (event.status === current || (isTerminal(event.status) && !(last && event.status === claimed)))
        continue
      entered.push(event)
      current = event.status
    }
    const newest = events.at(-1)
    if (newest) {
      this.#lastEvent = newest.key
      this.#unlisted = []
    }
    if (claimed !== null && claimed !== current) {
      const at = updatedAt ?? (this.#status === null ? instantOf(patch.get('created_at')) : null)
      entered.push({
        status: claimed,
        at: at === null ? null : Math.round(at),
        raw: patch.get('status') ?? patch.get('status_text'),
      })
      this.#unlisted.push(claimed)
    }
    // What is over is left by nothing but a status that says so.
    return this.#isOver() && (claimed === null || claimed === this.#status) ? [] : entered
  }

  #freshEvents(events: readonly (Entered & { key: string })[]): readonly Entered[] {
    const known = this.#lastEvent === null ? -1 : events.findLastIndex(({ key }) => key === this.#lastEvent)
    const tail = events.slice(known + 1)
    if (this.#lastEvent !== null && known < 0) return tail.filter((event) => this.#isAfter(event))
    // Statuses that were told before their events came: the events up to them are behind us.
    let matched = 0
    let unmatched = false
    for (const status of this.#unlisted) {
      const at = tail.findIndex((event, index) => index >= matched && event.status === status)
      unmatched = at < 0
      if (at >= 0) matched = at + 1
    }
    const rest = tail.slice(matched)
    return unmatched ? rest.filter((event) => this.#isAfter(event)) : rest
  }

  #isAfter({ at }: Entered): boolean {
    return at !== null && this.#statusAt !== null && at > this.#statusAt
  }

  #enter({ status, at, raw }: Entered, now: number): TaskChange[] {
    if (!isTerminal(status)) this.#done = false
    this.#status = status
    this.#unknownStatus = status === 'unknown' ? (textOf(raw) ?? null) : null
    this.#statusAt = at ?? now
    return [{ k: 'status', status, at: at ?? now, clock: at === null ? 'local' : 'server', raw }]
  }

  /** Enters a final state: what was provisional is settled first. */
  #ended(ending: Entered, now: number): TaskChange[] {
    const changes: TaskChange[] = []
    if (ending.status === 'completed' && this.#provisional && !isEmptyOutput(this.#output)) {
      this.#provisional = false
      changes.push({ k: 'output', value: this.#output, provisional: false, changedFields: [] })
    }
    if (this.#deltaDoubt) {
      this.#deltaDoubt = false
      changes.push({ k: 'delta-gap', missed: null })
    }
    changes.push(...this.#enter(ending, now))
    this.#done = true
    changes.push({ k: 'done', final: true })
    return changes
  }

  #takeMeta(patch: ReadonlyMap<string, unknown>, events: readonly Entered[]): TaskChange[] {
    const said = metaIn(patch)
    const timings = events.flatMap(({ status, at }): Timing[] => (at === null ? [] : [{ status, at }]))
    if (timings.length > 0) said.timings = timings
    const meta: Record<string, unknown> = {}
    const known: Record<string, unknown> = this.#meta
    for (const [key, value] of Object.entries(said)) if (!sameJson(known[key], value)) meta[key] = value
    if (Object.keys(meta).length === 0) return []
    this.#meta = { ...this.#meta, ...meta }
    return [{ k: 'meta', meta }]
  }

  #takeLogs(logs: unknown, mode: LogMode): TaskChange[] {
    const changes: TaskChange[] = []
    for (const change of this.#logs.apply(logs, mode)) {
      changes.push(change)
      if (change.channel !== 'task') continue
      const bar =
        change.k === 'lines' ? this.#logProgress.append(change.text) : this.#logProgress.replace(change.text)
      if (!this.#isOver()) changes.push(...this.#takeProgress('log', bar))
    }
    return changes
  }

  #takeProgress(origin: keyof typeof RANKS, reported: Reported | null): TaskChange[] {
    if (reported === null || (this.#progress && RANKS[this.#progress.origin] > RANKS[origin])) return []
    const progress = { ...reported, origin }
    if (sameJson(this.#progress, progress)) return []
    this.#progress = progress
    return [{ k: 'progress', ...progress }]
  }

  #takeOutput(patch: ReadonlyMap<string, unknown>, status: TaskStatus | null): TaskChange[] {
    const partial = patch.get('partial_output')
    const usePartial = isEmptyOutput(patch.get('output')) && !isEmptyOutput(partial)
    if (!usePartial && !patch.has('output')) return []
    const sent = usePartial ? partial : patch.get('output')
    const value = isEmptyOutput(sent) ? null : sent
    // The documented dialect keeps its partial output beside an output that is still empty.
    if (value === null && this.#fromPartial) return []
    const provisional = status !== 'completed'
    if (sameJson(this.#output, value) && (provisional === this.#provisional || value === null)) return []
    // What was made is void: the task begins anew. Else the whole heals what its pieces lacked.
    this.#deltas = value === null ? {} : healed(this.#deltas, value)
    this.#output = value
    const whole = provisional ? this.shown : value
    const shown: TaskChange = {
      k: 'output',
      value: whole,
      provisional,
      changedFields: changedFields(this.#shown, whole),
    }
    this.#shown = whole
    this.#provisional = provisional
    this.#fromPartial = usePartial
    const running = status === null || !isTerminal(status)
    const progress = running && isRecord(value) ? reportedProgress(own(value, 'progress')) : null
    return [shown, ...this.#takeProgress('output', progress)]
  }

  #takeDelta(delta: WireRecord, seq: number | null, resourceId: string | null): TaskChange[] {
    if (this.#isOver() || !this.#mayBeMine(resourceId)) return []
    const changes: TaskChange[] = []
    if (seq === 0 && this.#seq !== null && this.#seq > 0) {
      // The task runs again and begins anew.
      this.#deltas = {}
      this.#deltaDoubt = false
    } else if (seq !== null && this.#seq !== null) {
      if (seq <= this.#seq) return []
      if (seq > this.#seq + 1) changes.push({ k: 'delta-gap', missed: seq - this.#seq - 1 })
      this.#deltaDoubt = false
    } else if (this.#deltaDoubt || (seq !== null && seq > 1)) {
      // Without numbers on both sides nobody can say how many there were.
      changes.push({ k: 'delta-gap', missed: null })
      this.#deltaDoubt = false
    }
    this.#deltaSeen = true
    if (seq !== null) this.#seq = seq
    this.#deltas = mergeDelta(this.#deltas, delta)
    const change: DeltaChange = { k: 'delta', delta, seq }
    return [...changes, change]
  }
}

function withPieces(output: unknown, pieces: WireRecord): unknown {
  if (Object.keys(pieces).length === 0) return output
  if (output === null) return pieces
  return isRecord(output) ? { ...output, ...pieces } : output
}

/** Pieces of a field follow what the whole output says of it. */
function healed(pieces: WireRecord, output: unknown): WireRecord {
  if (!isRecord(output)) return pieces
  return Object.fromEntries(
    Object.entries(pieces).map(([key, piece]) => [key, Object.hasOwn(output, key) ? output[key] : piece]),
  )
}

const LONGEST_ERROR = 65_536

/** Why a task failed, in the words it came in: a traceback keeps its lines. */
function taskError(error: unknown): string | null {
  if (typeof error === 'string') return error.trim() === '' ? null : bounded(error, LONGEST_ERROR)
  return isRecord(error) ? (problemMessage(error) ?? bounded(stringifyExact(error), LONGEST_ERROR)) : null
}

/** What the fields of a task say of it. Null and absent say nothing. */
function metaIn(patch: ReadonlyMap<string, unknown>): Partial<TaskMeta> {
  const meta: Partial<TaskMeta> = {}
  const text = (
    key: 'appId' | 'appVersionId' | 'function' | 'infra' | 'sessionId' | 'chatId' | 'flowRunId',
    field: string,
  ) => {
    const value = textOf(patch.get(field))
    if (value !== null) meta[key] = value
  }
  text('appId', 'app_id')
  text('appVersionId', 'app_version_id')
  text('function', 'function')
  text('infra', 'infra')
  text('sessionId', 'session_id')
  text('chatId', 'chat_id')
  text('flowRunId', 'flow_run_id')
  const app = appName(patch.get('app'))
  if (app !== null) meta.app = app
  const worker = nameOrId(patch.get('worker')) ?? textOf(patch.get('worker_id'))
  if (worker !== null) meta.worker = worker
  const engine = nameOrId(patch.get('engine')) ?? textOf(patch.get('engine_id'))
  if (engine !== null) meta.engine = engine
  const sessionTimeout = finiteOf(patch.get('session_timeout'))
  if (sessionTimeout !== null && sessionTimeout > 0) meta.sessionTimeout = sessionTimeout
  const createdAt = timeOf(patch.get('created_at'))
  if (createdAt !== null) meta.createdAt = createdAt
  const runAt = timeOf(patch.get('run_at'))
  if (runAt !== null) meta.runAt = runAt
  for (const key of ['input', 'setup'] as const) {
    const value = patch.get(key)
    if (value !== null && value !== undefined) meta[key] = value
  }
  const usage = patch.get('usage_events')
  if (Array.isArray(usage)) {
    const entries = usage.filter(isRecord)
    if (entries.length > 0) meta.usage = withPlainNumbers(entries)
  }
  return meta
}

/** `namespace/name` of an app in any of its forms. */
function appName(app: unknown): string | null {
  if (!isRecord(app)) return textOf(app)
  const name = textOf(own(app, 'name'))
  const namespace = textOf(own(app, 'namespace'))
  return name === null ? null : namespace === null ? name : `${namespace}/${name}`
}

function nameOrId(value: unknown): string | null {
  return isRecord(value) ? (textOf(own(value, 'name')) ?? textOf(own(value, 'id'))) : textOf(value)
}
