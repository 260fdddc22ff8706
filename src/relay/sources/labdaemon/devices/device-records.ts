import type { Command } from '#model/command.ts'
import { UNTOUCHED, type Device, type DeviceBusy } from '#model/device.ts'
import { timeOf, type DeviceBody } from '#protocols/labdaemon/schemas.ts'
import { taskOfStream } from '#protocols/labdaemon/stream-devices.ts'
import { DEVICE } from '#topics/device.ts'
import type { ListFaults } from '../../../item-faults.ts'
import type { SourceContext } from '../../../source-adapter.ts'
import type { SourceClock } from '../../../source-clock.ts'

/** The devices of a source as lists show them: what the server says, and what Weir does with them. */
export class DeviceRecords {
  readonly #context: SourceContext
  readonly #sourceClock: Pick<SourceClock, 'toLocal'>
  /** When a device was read alone: a list that was asked for before is older than that. */
  readonly #readAt = new Map<string, number>()

  /** Per device what was asked and is not answered, the oldest first. */
  readonly #busy = new Map<string, DeviceBusy[]>()

  constructor(context: SourceContext, sourceClock: Pick<SourceClock, 'toLocal'>) {
    this.#context = context
    this.#sourceClock = sourceClock
  }

  get(id: string): Device | undefined {
    return this.#context.devices.get(this.#context.name, id)
  }

  all(): Device[] {
    return this.#context.devices.values().filter(({ source }) => source === this.#context.name)
  }

  update(id: string, patch: Partial<Device>): void {
    const before = this.get(id)
    if (!before) return
    this.#set({ ...before, ...patch })
  }

  /** Something was asked of the device: it shows until it is answered. */
  asked(id: string, command: Command): void {
    const { id: commandId, text, sentAt } = command
    this.#showBusy(id, [...(this.#busy.get(id) ?? []), { command: commandId, text, since: sentAt }])
  }

  /** What was asked is answered, and what it did was looked at. */
  answered(id: string, command: Command): void {
    this.#showBusy(id, this.#busy.get(id)?.filter((each) => each.command !== command.id) ?? [])
  }

  #showBusy(id: string, busy: DeviceBusy[]): void {
    if (busy.length > 0) this.#busy.set(id, busy)
    else this.#busy.delete(id)
    this.update(id, { busy: busy[0] ?? null })
  }

  /**
   * Takes a list, whole.
   * @param askedAt when it was asked for, ms since epoch
   * @param faults of the list: what fails at one device costs that device alone
   * @returns real devices that it no longer has
   */
  list(bodies: readonly DeviceBody[], askedAt: number, faults: ListFaults): string[] {
    const { devices } = this.#context
    const listed = new Set<string>()
    for (const body of bodies) {
      listed.add(body.device_id)
      faults.of(body.device_id, () => {
        if ((this.#readAt.get(body.device_id) ?? -Infinity) < askedAt) this.#put(body, body.connected)
      })
    }
    const gone: string[] = []
    for (const device of this.all()) {
      if (!device.onServer || listed.has(device.id)) continue
      // Added after the list was asked for.
      if ((this.#readAt.get(device.id) ?? -Infinity) >= askedAt) continue
      this.#readAt.delete(device.id)
      if (device.streamOf !== null) devices.unlist(device.source, device.id)
      else {
        this.#set({ ...device, onServer: false, streaming: false, ownedBy: null })
        gone.push(device.id)
      }
    }
    return gone
  }

  /**
   * Takes one device, read alone. Whether it is connected is left as the list had it: where the device cannot
   * tell, the list says no and the device alone yes (LabDaemon wire contract §5.17).
   * @param connected what a command's answer said of that, if it did
   */
  read(body: DeviceBody, connected?: boolean): void {
    this.#readAt.set(body.device_id, this.#context.clock.now())
    this.#put(body, connected ?? this.get(body.device_id)?.connected ?? body.connected)
  }

  #put(body: DeviceBody, connected: boolean): void {
    const { name, samples } = this.#context
    const id = body.device_id
    const streamOf = taskOfStream(id)
    const error = body.last_error?.error
    if (streamOf === null) samples.know(DEVICE, name, id)
    this.#set({
      ...UNTOUCHED,
      ...this.get(id),
      source: name,
      id,
      type: body.device_type,
      connected,
      streaming: body.streaming,
      ownedBy: body.owned_by,
      lastError: error
        ? {
            type: error.type,
            message: error.message,
            at: this.#sourceClock.toLocal(timeOf(error.timestamp)),
            traceback: error.traceback ?? null,
          }
        : null,
      streamOf,
      onServer: true,
    })
  }

  #set(device: Device): void {
    const { devices } = this.#context
    if (JSON.stringify(this.get(device.id)) !== JSON.stringify(device)) devices.set(device)
  }
}
