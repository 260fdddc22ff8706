import type { Clock } from '#lib/clock.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandError } from '#model/command.ts'
import type { ReconnectSettings, Source } from '#model/source.ts'
import type {
  AppInfo,
  AppSummary,
  Call,
  Disturbance,
  Method,
  RawItem,
  TaskSchemas,
} from '#protocols/weir/api.ts'
import type { SampleRecorder } from './record/sample-recorder.ts'
import type { Ledger } from './commands/ledger.ts'
import type { Devices } from './record/doors.ts'
import type { Tasks } from './record/doors.ts'

/** What the relay lends to an adapter. */
export interface SourceContext {
  name: string
  /** It lives in this program, and ends with it. */
  embedded: boolean
  clock: Clock
  /** How a login is given, for words: the name of a variable, and whether it is set. Null where none can be. */
  login: { variable: string; given: boolean } | null
  /** Texts that let Weir in: they must not be repeated, should the source do so. */
  secrets: readonly string[]
  /** What the proxy for its client library lets through beside the kind's own table, `METHOD /path/:part`. */
  allowCalls: readonly string[]
  /** 0 ≤ n < 1; for jitter. */
  random: () => number
  book: Tasks
  ledger: Ledger
  devices: Devices
  samples: SampleRecorder
  /** Enters news of the source's condition. */
  report(patch: Partial<Source>): void
  /** Pages that watch the topic. */
  watchersOf(topic: string): number
  /** True while some page watches the topic. */
  isWatched(topic: string): boolean
  /** Has every topic told that some page begins to watch while none did. */
  onWatched(listener: (topic: string) => void): void
}

export interface TaskStart {
  /** The id it should have, where the source lets Weir choose. */
  id: string
  /** Task type or app. */
  type: string
  params: Record<string, unknown>
  batch: string | null
  /** What only some sources know, as the person chose it. */
  options?: Record<string, unknown>
  /** Asked when its turn has come; false: it is not started after all. */
  isWanted?: () => boolean
}

export interface TaskStarted {
  /** The id it has. */
  id: string
  command: Command
}

/** A source's refusal of something that is no command of a person's. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly error: CommandError

  constructor(error: CommandError) {
    super(error.message)
    this.error = error
  }
}

/**
 * Devices of a source. Commands wait for their turn, and one that was withdrawn before is not sent (one that is
 * under way goes on). They never throw for a refusal; what would disturb somebody is not done but
 * returned as a Disturbance, unless `force` says that the consequence was accepted.
 */
export interface DeviceControl {
  add(
    id: string,
    type: string,
    params: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<Command>
  connect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command>
  disconnect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command>
  call(
    id: string,
    method: string,
    args: unknown[],
    kwargs: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<{ command: Command; call: Call }>
  clearError(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command>
  /** Throws SourceError. */
  methods(id: string): Promise<Method[]>
  /** Newest first. */
  calls(id: string): readonly Call[]
  /** A call's whole result as the source wrote it; null when it is not kept. */
  callResult(id: string, command: string): string | null
  startStream(
    id: string,
    options: { keepMs: number | null; force: boolean },
    by: Author,
  ): Promise<Command | Disturbance>
  stopStream(id: string, options: { force: boolean }, by: Author): Promise<Command | Disturbance>
  /** Changes how long a stream is kept when nobody watches; false when Weir does not hold it. */
  keepStream(id: string, keepMs: number | null): boolean
  retryStream(id: string): void
  raw(id: string): readonly RawItem[]
}

/** Apps that a source runs, with the schemas of what they take and make. Everything throws SourceError. */
export interface AppCatalogue {
  /** Those whose name or words match; all of the workspace without a term. */
  find(term: string): Promise<AppSummary[]>
  read(ref: string): Promise<AppInfo>
  /** Of the app of a task, in the version and of the function that ran. */
  schemasOf(task: string): Promise<TaskSchemas>
}

/** Files of a source: those that outputs name by address, and new ones for what a task takes. */
export interface FileAccess {
  /** True when the address is the source's own. */
  owns(url: string): boolean
  read(
    url: string,
    how: { method: 'GET' | 'HEAD'; range: string | null },
    signal: AbortSignal,
  ): Promise<Response>
  /** Returns the address of the new file. Throws SourceError. */
  upload(
    filename: string,
    type: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    size: number,
  ): Promise<string>
}

/** For how long tasks are followed, and how lost streams come back, where people may set it. */
export interface FollowControl {
  /**
   * For so long from now on, ms; null: to its end. False for a task that has ended or has to wait for its stream.
   */
  followFor(task: string, forMs: number | null): boolean
  /** For all streams; how long they are followed for those that begin from now on. */
  setReconnect(settings: ReconnectSettings): void
}

/** What a source has of a task beside its stream, as it says it. Throws SourceError. */
export interface TaskFigures {
  telemetry(task: string): Promise<unknown>
  timings(task: string): Promise<unknown>
}

/** Passes on calls of the source's own client library, with the source's key. */
export interface ClientProxy {
  /** True when the call is for this very source. */
  isFor(request: Request): boolean
  pass(request: Request): Promise<Response>
}

/** The relay's side of one source. Commands never throw for a refusal: it stands in the command returned. */
export interface SourceAdapter {
  /** The name of its kind in the registry. */
  readonly kind: string
  /** What only some sources have is null in others. */
  readonly devices: DeviceControl | null
  readonly apps: AppCatalogue | null
  readonly files: FileAccess | null
  readonly follows: FollowControl | null
  readonly figures: TaskFigures | null
  readonly proxy: ClientProxy | null
  /** Every start waits for its turn, and can be kept back until then. */
  readonly queuesStarts: boolean
  /** A task that was lost may go on there, and cost. */
  readonly lostMayRun: boolean
  start(): void
  /** Leaves the source in good order: streams are closed its way, within a bound. */
  stop(): Promise<void>
  /** Tries again now whatever waits for a retry. */
  retry(): void
  startTask(start: TaskStart, by: Author): Promise<TaskStarted>
  steerTask(id: string, verb: 'cancel' | 'pause' | 'resume', by: Author): Promise<Command>
  setParameter(id: string, key: string, value: unknown, by: Author): Promise<Command>
  /** Asks the source for a task that the book does not have, and enters it. Throws SourceError when it has none. */
  find(id: string): Promise<void>
  retryStream(id: string): void
  /** The result's JSON as the source wrote it, or an earlier output by its number. Throws SourceError. */
  output(id: string, revision?: number): Promise<string>
  raw(id: string): readonly RawItem[]
}
