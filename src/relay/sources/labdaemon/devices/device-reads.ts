import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Lab } from '../lab.ts'
import { OneAtATime } from '../one-at-a-time.ts'
import { DeviceRecords } from './device-records.ts'

/** Who is told what the server says of a device. */
export interface DeviceListener {
  ownedBy(owner: string | null): void
}

/** What the server says of single devices: read, entered in their records, and told to whoever streams them. */
export class DeviceReads {
  readonly records: DeviceRecords
  readonly #lab: Lab
  readonly #turns = new OneAtATime()
  readonly #listeners = new Map<string, DeviceListener>()

  constructor(lab: Lab) {
    this.#lab = lab
    this.records = new DeviceRecords(lab.context, lab.sourceClock)
  }

  /** From now on `listener` is told of the device. */
  listen(id: string, listener: DeviceListener): void {
    this.#listeners.set(id, listener)
  }

  unlisten(id: string): void {
    this.#listeners.delete(id)
  }

  /** A list says it, too. */
  told({ device_id: id, owned_by: owner }: DeviceBody): void {
    this.#listeners.get(id)?.ownedBy(owner)
  }

  /**
   * Reads one device in its turn; null when it cannot be read now.
   * @param connected what a command's answer said of that, if it did
   */
  async read(id: string, connected?: boolean): Promise<DeviceBody | null> {
    try {
      return this.#enter(await this.#turns.take('read', () => this.#lab.client.device(id)), connected)
    } catch (error) {
      if (!(error instanceof LabDaemonError)) throw error
      return null
    }
  }

  /** Reads one device at once. Throws LabDaemonError. */
  async readNow(id: string): Promise<DeviceBody> {
    return this.#enter(await this.#lab.client.device(id))
  }

  #enter(body: DeviceBody, connected?: boolean): DeviceBody {
    this.records.read(body, connected)
    this.told(body)
    return body
  }
}
