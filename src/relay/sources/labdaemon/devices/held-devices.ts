import { isolate } from '#lib/isolate.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { Lab } from '../lab.ts'
import { DeviceReadings } from './device-readings.ts'
import type { DeviceReads } from './device-reads.ts'
import { HeldDevice, type HoldRequest } from './held-device.ts'

/** The device streams that Weir holds, each by somebody's word. */
export class HeldDevices {
  readonly #lab: Lab
  readonly #reads: DeviceReads
  readonly #held = new Map<string, HeldDevice>()
  /** What devices brought, also those whose streams are over. */
  readonly #readings = new Map<string, DeviceReadings>()
  #isStopped = false

  constructor(lab: Lab, reads: DeviceReads) {
    this.#lab = lab
    this.#reads = reads
  }

  /** Weir is stopping: none is opened any more. */
  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Those that are not over. */
  get all(): readonly HeldDevice[] {
    return [...this.#held.values()].filter(({ isOver }) => !isOver)
  }

  /** The stream of a device; undefined where Weir does not hold it. */
  of(id: string): HeldDevice | undefined {
    const held = this.#held.get(id)
    return held?.isOver ? undefined : held
  }

  raw(id: string): readonly RawItem[] {
    return this.#readings.get(id)?.raw ?? []
  }

  /** Begins to hold a device's stream. */
  hold(id: string, request: HoldRequest): HeldDevice {
    const readings = this.#readings.get(id) ?? new DeviceReadings(this.#lab, id)
    this.#readings.set(id, readings)
    const held = new HeldDevice(this.#lab, this.#reads, readings, id, request)
    this.#held.set(id, held)
    held.start()
    return held
  }

  /** @returns false when Weir does not hold it */
  keep(id: string, keepMs: number | null): boolean {
    const held = this.of(id)
    held?.keep(keepMs)
    return held !== undefined
  }

  /** Tries again now what waits for its time; of one device, or of all. */
  retry(id?: string): void {
    for (const held of this.all) if (id === undefined || id === held.id) held.stream.retry()
  }

  gone(id: string): void {
    this.of(id)?.drop('failed', 'the device is gone')
  }

  /** @returns those that nobody has watched for as long as they were to be kept */
  everySecond(slept: boolean): HeldDevice[] {
    const leftAlone: HeldDevice[] = []
    for (const held of this.all)
      isolate(held, () => {
        if (held.everySecond(slept)) leftAlone.push(held)
      })
    return leftAlone
  }

  /** Leaves all streams the server's way, but for those whose devices tasks own. */
  async finish(reason: string): Promise<void> {
    this.#isStopped = this.#lab.isStopping = true
    await Promise.all(this.all.map((held) => held.leave(reason, null)))
  }

  drop(reason: string): void {
    this.#isStopped = this.#lab.isStopping = true
    for (const held of this.all) held.drop('closed', reason)
  }
}
