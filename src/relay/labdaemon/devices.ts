import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import type { LabDaemonClient } from '#protocols/labdaemon/client.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Call, Disturbance, Method, RawItem } from '#protocols/weir/api.ts'
import { SourceError, type DeviceControl, type SourceContext } from '../source-adapter.ts'
import { readError } from './command-error.ts'
import { DeviceCalls } from './device-calls.ts'
import { DeviceCommands } from './device-commands.ts'
import { DeviceRecords } from './device-records.ts'
import { DeviceStreams } from './device-streams.ts'
import type { SourceClock } from '../source-clock.ts'
import type { StreamQueue } from './stream-queue.ts'

export interface LabDaemonDevicesOptions {
  context: SourceContext
  client: LabDaemonClient
  sourceClock: SourceClock
  queue: StreamQueue
  isServerOk(): boolean
  readList(): void
  onGap(): void
  onInterrupted(): void
}

/** The devices of one LabDaemon server: their records, commands, calls and streams. */
export class LabDaemonDevices implements DeviceControl {
  readonly streams: DeviceStreams
  readonly #client: LabDaemonClient
  readonly #records: DeviceRecords
  readonly #commands: DeviceCommands
  readonly #calls = new DeviceCalls()

  constructor(options: LabDaemonDevicesOptions) {
    const { context, client } = options
    this.#client = client
    this.#records = new DeviceRecords(context, options.sourceClock)
    this.#commands = new DeviceCommands({
      ...options,
      records: this.#records,
      calls: this.#calls,
      onRead: (body) => {
        this.streams.seen(body)
      },
    })
    this.streams = new DeviceStreams({ ...options, records: this.#records, commands: this.#commands })
  }

  /** What Weir asked that may be holding up the server, in words; null when nothing is. */
  get running(): string | null {
    return this.#commands.running
  }

  /** The server answers. */
  answered(): void {
    this.#commands.answered()
  }

  /**
   * @param askedAt when the list was asked for
   * @param of does what is to be done for one device
   */
  onList(
    bodies: readonly DeviceBody[],
    askedAt: number,
    of: (id: string, act: () => void) => void = (_, act) => {
      act()
    },
  ): void {
    for (const id of this.#records.list(bodies, askedAt, of)) this.streams.gone(id)
    for (const body of bodies)
      of(body.device_id, () => {
        this.streams.seen(body)
      })
    this.#commands.seen(bodies)
  }

  add(
    id: string,
    type: string,
    params: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<Command> {
    return this.#commands.add(id, type, params, by, withdrawn)
  }

  connect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    return this.#commands.connect(id, by, withdrawn)
  }

  async disconnect(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    // A device that is disconnected cannot stream: its stream is left first, lest Weir start the device again.
    // Of one that a task owns the server refuses to let go anyway.
    await this.streams.leave(id, 'the device was to be disconnected')
    return this.#commands.disconnect(id, by, withdrawn)
  }

  clearError(id: string, by: Author, withdrawn?: AbortSignal): Promise<Command> {
    return this.#commands.clearError(id, by, withdrawn)
  }

  call(
    id: string,
    method: string,
    args: unknown[],
    kwargs: Record<string, unknown>,
    by: Author,
    withdrawn?: AbortSignal,
  ): Promise<{ command: Command; call: Call }> {
    return this.#commands.call(id, method, args, kwargs, by, withdrawn)
  }

  calls(id: string): readonly Call[] {
    return this.#calls.of(id)
  }

  callResult(id: string, command: string): string | null {
    return this.#calls.result(id, command)
  }

  async methods(id: string): Promise<Method[]> {
    try {
      const { methods } = await this.#client.methods(id)
      return methods.map(({ name, parameters, doc }) => ({ name, parameters, doc: doc ?? null }))
    } catch (error) {
      const { message, ...rest } = readError(error)
      const unlisted = error instanceof LabDaemonError && error.kind === 'crashed'
      throw new SourceError({
        ...rest,
        message: unlisted
          ? `The server cannot list the methods of ${id} (plain 500): a default value of infinity or NaN does that. They can be called by name all the same.`
          : message,
      })
    }
  }

  startStream(
    id: string,
    options: { keepMs: number | null; force: boolean },
    by: Author,
  ): Promise<Command | Disturbance> {
    return this.streams.start(id, options, by)
  }

  stopStream(id: string, options: { force: boolean }, by: Author): Promise<Command | Disturbance> {
    return this.streams.stop(id, options, by)
  }

  keepStream(id: string, keepMs: number | null): boolean {
    return this.streams.keep(id, keepMs)
  }

  retryStream(id: string): void {
    this.streams.retry(id)
  }

  raw(id: string): readonly RawItem[] {
    return this.streams.raw(id)
  }
}
