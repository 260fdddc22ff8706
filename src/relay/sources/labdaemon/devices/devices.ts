import type { Author } from '#model/author.ts'
import type { Command } from '#model/command.ts'
import type { Listed } from '#protocols/labdaemon/client.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Call, Disturbance, Method, RawItem } from '#protocols/weir/api.ts'
import { SourceError, type DeviceControl } from '../../../source-adapter.ts'
import { readError } from '../command-error.ts'
import type { Lab } from '../lab.ts'
import { DeviceCalls } from './device-calls.ts'
import { DeviceCommands } from './device-commands.ts'
import { DeviceReads } from './device-reads.ts'
import { HeldBefore } from './held-before.ts'
import { HeldDevices } from './held-devices.ts'
import { StreamCommands } from './stream-commands.ts'

/** The devices of one LabDaemon server: their records, commands, calls and streams. */
export class LabDaemonDevices implements DeviceControl {
  /** Their streams that Weir holds. */
  readonly held: HeldDevices
  readonly #lab: Lab
  readonly #reads: DeviceReads
  readonly #commands: DeviceCommands
  readonly #streamCommands: StreamCommands
  readonly #calls = new DeviceCalls()
  #heldBefore: HeldBefore | null = null

  constructor(lab: Lab) {
    this.#lab = lab
    this.#reads = new DeviceReads(lab)
    this.held = new HeldDevices(lab, this.#reads)
    this.#commands = new DeviceCommands(lab, this.#reads, this.#calls)
    this.#streamCommands = new StreamCommands(lab, this.#reads, this.held)
  }

  /** Goes on from what was known when Weir ended. */
  begin(): void {
    this.#heldBefore = new HeldBefore(this.#lab, this.#reads, this.held)
  }

  /** Somebody looks at their list, or Weir streams one of them: it is to be read more often. */
  get areWanted(): boolean {
    return (
      this.#lab.context.isWatched('devices') || this.held.all.length > 0 || this.#heldBefore?.areSome === true
    )
  }

  /** @param askedAt when the list was asked for, ms since epoch */
  listed({ rows, unread }: Listed<DeviceBody>, askedAt: number): void {
    const { context } = this.#lab
    const faults = this.#lab.faults.list('device', unread)
    for (const id of this.#reads.records.list(rows, askedAt, faults)) this.held.gone(id)
    for (const body of rows)
      faults.of(body.device_id, () => {
        this.#reads.told(body)
      })
    this.#commands.seen(rows)
    this.#heldBefore?.listed(rows)
    faults.tell()
    context.report({ devicesReadAt: context.clock.now() })
  }

  /** @param slept the machine has slept: what streams sent meanwhile is still to be read */
  everySecond(slept: boolean): void {
    this.#streamCommands.leaveAlone(this.held.everySecond(slept))
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
    await this.#streamCommands.leave(id, 'the device was to be disconnected')
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
      const { methods } = await this.#lab.client.methods(id)
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
    return this.#streamCommands.start(id, options, by)
  }

  stopStream(id: string, options: { force: boolean }, by: Author): Promise<Command | Disturbance> {
    return this.#streamCommands.stop(id, options, by)
  }

  keepStream(id: string, keepMs: number | null): boolean {
    return this.held.keep(id, keepMs)
  }

  retryStream(id: string): void {
    this.held.retry(id)
  }

  raw(id: string): readonly RawItem[] {
    return this.held.raw(id)
  }
}
