import type { Clock } from '#lib/clock.ts'
import type { Author } from '#model/author.ts'
import type { Command, CommandError } from '#model/command.ts'
import type { Source, SourceKind } from '#model/source.ts'
import type { Call, Disturbance, Method, RawItem } from '#protocols/weir/api.ts'
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

/** The relay's side of one source. Commands never throw for a refusal: it stands in the command returned. */
export interface SourceAdapter {
  readonly kind: SourceKind
  /** Null where a source has no devices. */
  readonly devices: DeviceControl | null
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
