import type { App } from './app.ts'
import { OWNER, appJson } from './app.ts'
import { shortId } from './ids.ts'
import { Listeners, pickFields } from './resource.ts'
import type { Change, Resource } from './resource.ts'
import { TaskLogs } from './task-logs.ts'
import { STATUS, isFinal, statusName, timestamp } from './wire.ts'
import type { Json, JsonObject, LogType, Status, TaskEvent } from './wire.ts'
import { present } from './value.ts'
import type { Value } from './value.ts'

/** Everything that was asked for when the task was made. */
export interface TaskRequest {
  readonly app: App
  readonly fn: string
  readonly input: JsonObject
  readonly setup: JsonObject | null
  readonly infra: string
  readonly workers: readonly string[]
  readonly webhook: string | null
  /** ms since epoch. */
  readonly runAt: number | null
  readonly sessionId: string | null
  readonly flowRunId: string | null
}

/** Where a task runs. */
export interface Place {
  readonly engineId: string
  readonly workerId: string
}

/** One run of an app, as the API shows it (inference.sh wire contract §5). */
export class Task implements Resource {
  readonly id: string
  readonly request: TaskRequest
  readonly createdAt: number
  readonly logs: TaskLogs
  readonly events: TaskEvent[] = []
  readonly #createId: () => string
  readonly #listeners = new Listeners()
  readonly #usageId: string
  readonly #deltas = { seq: 0 }
  #updatedAt: number
  #status: Status = STATUS.received
  #place: Place | null = null
  #output: Value | undefined
  #error: string | undefined
  #usage: JsonObject[] = []
  visibility = 'team'
  isFeatured = false

  constructor(request: TaskRequest, now: number, createId: () => string) {
    this.id = createId()
    this.request = request
    this.createdAt = now
    this.#updatedAt = now
    this.#createId = createId
    this.#usageId = createId()
    this.logs = new TaskLogs(this.id, createId)
    this.#addEvent(STATUS.received, now)
  }

  get status(): Status {
    return this.#status
  }

  get isOver(): boolean {
    return isFinal(this.#status)
  }

  get error(): string | undefined {
    return this.#error
  }

  get place(): Place | null {
    return this.#place
  }

  get updatedAt(): number {
    return this.#updatedAt
  }

  get output(): Value | undefined {
    return this.#output
  }

  /** When it last entered a status. */
  enteredAt(status: Status): number | undefined {
    const event = this.events.findLast((each) => each.status === status)
    return event && Date.parse(event.event_time)
  }

  enter(status: Status, now: number): void {
    this.#addEvent(status, now)
    // The real service was seen to send the whole object here (§6, partial merge).
    this.#tell(now, ['status', 'events'], status === STATUS.queued && this.events.length === 2)
  }

  dispatch(place: Place, now: number): void {
    this.#place = place
    this.#addEvent(STATUS.dispatched, now)
    this.#tell(now, ['status', 'events', 'engine_id', 'worker_id'])
  }

  /** The text joins the log; who streams hears of it when `showLogs` is called. */
  log(type: LogType, text: string, now: number): void {
    this.logs.append(type, text, now)
    this.#updatedAt = now
  }

  showLogs(now: number): void {
    this.#tell(now, ['logs'])
  }

  /** Replaces the output (§9). */
  yield(output: Value, now: number): void {
    this.#output = output
    this.#tell(now, ['output'])
  }

  delta(delta: JsonObject): void {
    this.#listeners.tell({ kind: 'delta', delta, seq: this.#deltas.seq++ })
  }

  complete(output: Value, now: number): void {
    this.#output = output
    this.#addEvent(STATUS.completed, now)
    this.#addUsage(now)
    this.#tell(now, ['status', 'events', 'output', ...(this.#usage.length > 0 ? ['usage_events'] : [])])
  }

  fail(error: string, now: number): void {
    this.#end(STATUS.failed, error, now)
  }

  cancelled(now: number): void {
    this.#end(STATUS.cancelled, 'cancelled by user', now)
  }

  /** Its worker is gone: what it had done is lost, and it waits again (§7, rule 6). */
  requeue(now: number): void {
    this.#place = null
    this.#output = undefined
    this.#addEvent(STATUS.queued, now)
    this.#tell(now, ['status', 'events', 'output', 'engine_id', 'worker_id'])
  }

  subscribe(listener: (change: Change) => void): () => void {
    return this.#listeners.add(listener)
  }

  /** Keys in the order of the recordings. */
  toJson(base: string): JsonObject {
    const { app, setup, sessionId } = this.request
    return {
      ...this.#base(),
      status: this.#status,
      app_id: app.id,
      app: appJson(app, false),
      ...this.#body(),
      setup: setup as Json,
      input: this.request.input,
      output: this.#outputJson(base),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      rating: 'unrated',
      events: this.events as unknown as Json,
      logs: this.logs.toJson() as unknown as Json,
      usage_events: this.#usage,
      ...(sessionId === null ? {} : { session_id: sessionId }),
    }
  }

  /** As a list shows it: without error, events, logs and, unless asked for, the app. */
  toRow(base: string, withApp: boolean): JsonObject {
    const { app, setup, sessionId } = this.request
    return {
      ...this.#base(),
      status: this.#status,
      app_id: app.id,
      ...this.#body(),
      setup: setup as Json,
      input: this.request.input,
      output: this.#outputJson(base),
      rating: 'unrated',
      events: [],
      logs: [],
      usage_events: [],
      app: withApp ? appJson(app, false) : null,
      ...(sessionId === null ? {} : { session_id: sessionId }),
    }
  }

  /** What a run answers: not a task, only its result so far (§4). */
  toResult(base: string): JsonObject {
    const { sessionId, runAt } = this.request
    return {
      id: this.id,
      short_id: shortId(this.id),
      status: this.#status,
      status_text: statusName(this.#status),
      output: this.#output === undefined ? null : present(this.#output, base),
      ...(this.#error === undefined ? {} : { error: this.#error }),
      created_at: timestamp(this.createdAt),
      updated_at: timestamp(this.#updatedAt),
      ...(sessionId === null ? {} : { session_id: sessionId }),
      ...(runAt === null ? {} : { run_at: timestamp(runAt) }),
    }
  }

  pick(fields: readonly string[], base: string): JsonObject {
    return pickFields(this.toJson(base), fields)
  }

  hollow(fields: readonly string[], base: string): JsonObject {
    const whole = this.toJson(base)
    const emptied = ['app', 'input', 'output', 'logs'].filter((key) => !fields.includes(key))
    return { ...whole, ...Object.fromEntries(emptied.map((key) => [key, null])) }
  }

  #base(): JsonObject {
    return {
      id: this.id,
      short_id: shortId(this.id),
      created_at: timestamp(this.createdAt),
      updated_at: timestamp(this.#updatedAt),
      deleted_at: null,
      ...OWNER,
      visibility: this.visibility,
      graph_id: null,
      user_public_key: null,
      engine_public_key: null,
      is_featured: this.isFeatured,
    }
  }

  #body(): JsonObject {
    const { app, fn, infra, workers, webhook, runAt, flowRunId } = this.request
    return {
      app_version_id: app.versionId,
      app_version: null,
      app_variant: 'default',
      function: fn,
      infra,
      workers,
      flow_run_id: flowRunId,
      chat_id: null,
      sub_flow_run_id: null,
      agent_id: null,
      agent_version_id: null,
      agent: null,
      engine_id: this.#place?.engineId ?? null,
      engine: null,
      worker_id: this.#place?.workerId ?? null,
      worker: null,
      run_at: runAt === null ? null : timestamp(runAt),
      webhook,
    }
  }

  #outputJson(base: string): Json {
    return this.#output === undefined ? {} : present(this.#output, base)
  }

  #addEvent(status: Status, now: number): void {
    const time = timestamp(now)
    this.#status = status
    this.#updatedAt = now
    this.events.push({
      id: this.#createId(),
      created_at: time,
      event_time: time,
      task_id: this.id,
      status,
    })
  }

  #end(status: Status, error: string, now: number): void {
    this.#error = error
    this.#addEvent(status, now)
    this.#tell(now, ['status', 'events', 'error'])
  }

  #tell(now: number, fields: readonly string[], whole = false): void {
    this.#updatedAt = now
    this.#listeners.tell({ kind: 'partial', fields: [...fields, 'updated_at'], whole })
  }

  #addUsage(now: number): void {
    const running = this.enteredAt(STATUS.running)
    if (!this.request.app.usesGpu || running === undefined) return
    const time = timestamp(now)
    this.#usage = [
      {
        id: this.#usageId,
        short_id: shortId(this.#usageId),
        created_at: time,
        updated_at: time,
        deleted_at: null,
        ...OWNER,
        visibility: 'team',
        usage_billing_record_id: this.#createId(),
        reference_id: this.id,
        resource_id: this.#place?.workerId ?? null,
        tier: 'cloud',
        type: 'gpu',
        model: 'weir-gpu-1',
        quantity: Math.ceil((now - running) / 1_000),
        unit: 'second',
      },
    ]
  }
}
