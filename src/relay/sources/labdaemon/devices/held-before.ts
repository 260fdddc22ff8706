import type { StreamHold } from '#model/device.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { Lab } from '../lab.ts'
import type { DeviceReads } from './device-reads.ts'
import type { HeldDevices } from './held-devices.ts'

/**
 * A server may take so long to notice that the connection of a Weir that was killed is dead, ms (LabDaemon wire
 * contract §5): until then the device streams for nobody, and cannot be had.
 */
const DEAD_MS = 10 * 60_000

/** Opens again the device streams that Weir held when it ended, where that disturbs nobody. */
export class HeldBefore {
  readonly #lab: Lab
  readonly #reads: DeviceReads
  readonly #held: HeldDevices
  readonly #waiting: Map<string, StreamHold>
  readonly #since: number

  constructor(lab: Lab, reads: DeviceReads, held: HeldDevices) {
    this.#lab = lab
    this.#reads = reads
    this.#held = held
    const { clock, devices, name } = lab.context
    this.#waiting = new Map(devices.heldBefore(name))
    this.#since = clock.now()
  }

  /** Some are to be opened again: the list of devices is wanted. */
  get areSome(): boolean {
    return this.#waiting.size > 0
  }

  /** A list was read: what is free now is opened. */
  listed(rows: readonly DeviceBody[]): void {
    const byId = new Map(rows.map((row) => [row.device_id, row]))
    for (const [id, hold] of this.#waiting) {
      const row = byId.get(id)
      if (row) this.#take(row, hold)
      else if (this.#isLate) this.#settle(id, 'the server lists it no more')
    }
  }

  /** Whatever kept a device from being opened is no matter of the Weir of before any more. */
  get #isLate(): boolean {
    return this.#lab.context.clock.now() - this.#since > DEAD_MS
  }

  #take({ device_id: id, owned_by: owner, streaming }: DeviceBody, hold: StreamHold): void {
    const now = this.#lab.context.clock.now()
    if (this.#held.of(id)) this.#settle(id, null)
    else if (isPast(hold, this.#reads.records.get(id)?.eventAt ?? hold.since, now))
      this.#settle(id, 'its time was over while Weir was away')
    // Somebody else has it, or wants it, by now: nobody is disturbed without being asked.
    else if (owner !== null) this.#settle(id, `${owner} has the device now`)
    else if (!streaming) {
      this.#settle(id, null)
      const consent = { owner: null, takeOver: false }
      this.#held.hold(id, { by: hold.by, keepMs: hold.keepMs, consent })
    } else if (this.#isLate) this.#settle(id, 'it streams for another client of the server')
    else this.#say(id)
  }

  /** It is known what becomes of it. @param whyNot it is not opened again; null: somebody holds it */
  #settle(id: string, whyNot: string | null): void {
    this.#waiting.delete(id)
    const since = this.#lab.context.clock.now()
    const stream = { name: 'closed', reason: `not opened again: ${whyNot}`, since, retryAt: null } as const
    this.#reads.records.update(id, { heldBefore: null, ...(whyNot === null ? {} : { stream }) })
  }

  /** The server still streams it, most likely to the Weir of before. */
  #say(id: string): void {
    const reason = 'waits until the server lets go of the connection of before Weir was restarted'
    if (this.#reads.records.get(id)?.stream.reason === reason) return
    const retryAt = this.#since + DEAD_MS
    const since = this.#lab.context.clock.now()
    this.#reads.records.update(id, { stream: { name: 'reconnecting', reason, since, retryAt } })
  }
}

/** It would have been let go by now, had Weir gone on and nobody watched. */
function isPast({ keepMs, leaveAt }: StreamHold, heardAt: number, now: number): boolean {
  return keepMs !== null && now > (leaveAt ?? heardAt + keepMs)
}
