import { inBackground } from '#lib/isolate.ts'
import type { Author } from '#model/author.ts'
import type { CommandError } from '#model/command.ts'
import type { StreamHold } from '#model/device.ts'
import type { StreamState } from '#model/stream-state.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { ownRefusal } from '../command-error.ts'
import type { Lab } from '../lab.ts'
import { DeviceStream } from '../streams/device-stream.ts'
import type { SseMessage } from '../../../read-sse.ts'
import type { Permission, StreamOwner, StreamRules } from '../streams/stream-owner.ts'
import type { Turn } from '../streams/stream-queue.ts'
import { mayOpen, type Consent } from './device-guard.ts'
import type { DeviceReadings } from './device-readings.ts'
import type { DeviceListener, DeviceReads } from './device-reads.ts'

const RULES: StreamRules = {
  missing: 'end',
  heldBy: 'held by another client of the server',
  respectsStops: true,
  // Whoever stops the device means it.
  stoppedPerMinute: 2,
  sparesOwners: true,
}

/** Who asked for a stream, for how long, and at whose cost. */
export interface HoldRequest {
  by: Author
  /** How long it is kept when nobody watches, ms; null: until it is stopped. */
  keepMs: number | null
  consent: Consent
}

/** A device's stream that Weir holds by somebody's word: until it is stopped, taken, gone, or nobody watches. */
export class HeldDevice implements StreamOwner, DeviceListener {
  readonly rules = RULES
  readonly id: string
  readonly stream: DeviceStream
  readonly readings: DeviceReadings
  readonly #lab: Lab
  readonly #reads: DeviceReads
  #opened!: Promise<CommandError | null>
  #settle!: (error: CommandError | null) => void
  /** What the start under way was agreed to; null once it is open. */
  #consent: Consent | null
  #hold: StreamHold
  /** When it is let go, ms of the monotonic clock; null while somebody watches. */
  #leaveDue: number | null = null
  /** The task that owns the device, as the server said last. */
  #owner: string | null
  /** The owner whom the newest start was agreed to disturb. */
  #agreed: string | null
  /** The task whose end is waited for, though nobody watches. */
  #keptFor: string | null = null
  #wasOpen = false
  #isLeaving = false
  #isOver = false

  constructor(lab: Lab, reads: DeviceReads, readings: DeviceReadings, id: string, request: HoldRequest) {
    const { by, keepMs, consent } = request
    this.#lab = lab
    this.#reads = reads
    this.readings = readings
    this.id = id
    this.#consent = consent
    this.#owner = this.#agreed = consent.owner
    this.#hold = { by, since: lab.context.clock.now(), keepMs, leaveAt: null, note: null }
    this.#expect()
    this.stream = new DeviceStream(lab, id, this)
  }

  /** How the start ends: null when the stream is open, else why it is not. */
  get opened(): Promise<CommandError | null> {
    return this.#opened
  }

  /** It has ended for good. */
  get isOver(): boolean {
    return this.#isOver
  }

  start(): void {
    this.#reads.listen(this.id, this)
    this.#reads.records.update(this.id, { hold: this.#hold })
    this.stream.start()
  }

  /** Somebody wants now what waits for its time, and agrees to its consequence. */
  startAgain(consent: Consent): void {
    if (this.isLive) return
    this.#consent = consent
    this.#agreed = consent.owner
    this.#expect()
    this.stream.retry()
  }

  /** True while it is open, or about to be. */
  get isLive(): boolean {
    const { state } = this.stream
    return this.#consent !== null || (state !== 'in_use' && state !== 'reconnecting')
  }

  /** How long it is kept when nobody watches, ms. */
  get keepMs(): number | null {
    return this.#hold.keepMs
  }

  keep(keepMs: number | null): void {
    this.#leaveDue = null
    this.#set({ keepMs, leaveAt: null })
  }

  /**
   * Leaves the stream the server's way.
   * @param agreed the task that may lose its data by that
   * @returns null when that is done; else the task that owns the device, and the stream is kept
   */
  async leave(reason: string, agreed: string | null): Promise<string | null> {
    this.#isLeaving = true
    this.#settle(ownRefusal(409, 'Stopped', 'the stream was stopped before it was open'))
    const owner = await this.stream.finish(reason, agreed)
    if (owner === null) this.#end()
    else this.#isLeaving = false
    return owner
  }

  /** Hangs up at once: the device is gone, or its server. */
  drop(name: 'closed' | 'failed', reason: string): void {
    if (this.#isOver) return
    this.#settle({ outcome: 'refused', status: null, type: 'NotOpened', message: reason, owner: null })
    this.#end({ name, reason, since: this.#lab.context.clock.now(), retryAt: null })
  }

  /**
   * Once a second: looks for signs of life, and tells how much comes.
   * @param slept the machine has slept: what came meanwhile is still to be read
   * @returns true when nobody has watched for as long as it is to be kept
   */
  everySecond(slept: boolean): boolean {
    if (!slept) inBackground(this.stream.watch(true))
    const { records } = this.#reads
    const { readings } = this
    records.update(this.id, {
      rate: readings.rate(),
      eventAt: readings.eventAt ?? records.get(this.id)?.eventAt ?? null,
    })
    return this.#isLeftAlone()
  }

  /** Nobody watches, but a task owns the device: to stop it would stop the task's data (§5.5). */
  keepFor(owner: string): void {
    this.#keptFor = owner
    this.#leaveDue = null
    this.#set({ leaveAt: null })
  }

  ownedBy(owner: string | null): void {
    this.#owner = owner
    // Its task has ended: the time begins anew.
    if (this.#keptFor !== null && owner !== this.#keptFor) this.#keptFor = null
    this.#set({})
  }

  turn(): Turn {
    const { isWatched, name } = this.#lab.context
    return { class: isWatched(deviceTopic(name, this.id)) ? 'open-watched' : 'open-device' }
  }

  mayOpen(device: DeviceBody, tookOver: boolean): Permission {
    // Another client's stream is stopped once, not each that takes its place.
    return mayOpen(device, tookOver && this.#consent ? { ...this.#consent, takeOver: false } : this.#consent)
  }

  received(messages: readonly SseMessage[]): void {
    this.readings.receive(messages)
  }

  interrupted(cut: boolean, why: string): void {
    this.readings.interrupted(cut, why)
    this.#lab.server.streamLost()
  }

  streamChanged(state: StreamState): void {
    if (state.name === 'closed' || state.name === 'failed') this.readings.paused()
    if (this.#isOver) return
    switch (state.name) {
      case 'open':
        this.#consent = null
        this.#settle(null)
        this.readings.opened()
        break
      case 'failed': {
        const { refusal } = this.stream
        this.#settle(
          refusal
            ? ownRefusal(400, refusal.type, refusal.message)
            : ownRefusal(410, 'NotOpened', state.reason),
        )
        this.#end(state)
        return
      }
      case 'closed':
        this.#settle(ownRefusal(409, 'DeviceInUse', state.reason))
        this.#end(state)
        return
      case 'in_use':
      case 'reconnecting':
        // A start that cannot be done now is refused; only what was open once is opened again by itself.
        if (this.#consent !== null && state.retryAt !== null) {
          if (state.name === 'in_use') this.#settle(ownRefusal(409, 'DeviceInUse', state.reason))
          this.drop('closed', state.reason)
          return
        }
        break
      default:
    }
    this.#reads.records.update(this.id, { stream: state })
    if (state.name !== 'open') return
    // Opened again by itself: the server's word on the device is older than that.
    if (this.#wasOpen) inBackground(this.#reads.read(this.id))
    this.#wasOpen = true
  }

  #expect(): void {
    this.#opened = new Promise((resolve) => (this.#settle = resolve))
  }

  #isLeftAlone(): boolean {
    const { clock, name, watchersOf } = this.#lab.context
    if (watchersOf(deviceTopic(name, this.id)) > 0 || this.#hold.keepMs === null) {
      this.#leaveDue = null
      this.#keptFor = null
      this.#set({ leaveAt: null })
      return false
    }
    if (this.#keptFor !== null) return false
    const now = clock.monotonic()
    if (this.#leaveDue === null) {
      this.#leaveDue = now + this.#hold.keepMs
      this.#set({ leaveAt: clock.now() + this.#hold.keepMs })
    }
    return now >= this.#leaveDue
  }

  #set(patch: Partial<StreamHold>): void {
    if (this.#isOver) return
    const next = { ...this.#hold, ...patch, note: this.#note() }
    if (
      next.keepMs === this.#hold.keepMs &&
      next.leaveAt === this.#hold.leaveAt &&
      next.note === this.#hold.note
    )
      return
    this.#hold = next
    this.#reads.records.update(this.id, { hold: next })
  }

  #note(): string | null {
    const notes = []
    if (this.#owner !== null && this.#owner !== this.#agreed)
      notes.push(`${this.#owner} took ${this.id} while Weir streams it: it may get no data.`)
    if (this.#keptFor !== null)
      notes.push(
        `Nobody watches; Weir keeps the stream until ${this.#keptFor} has ended, whose data would stop with it.`,
      )
    return notes.length > 0 ? notes.join(' ') : null
  }

  #end(state?: StreamState): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#consent = null
    this.stream.drop(state?.reason ?? '')
    this.#reads.unlisten(this.id)
    // Where Weir itself ends, the next one goes on with what was held.
    const hold = this.#lab.isStopping ? {} : { hold: null }
    this.#reads.records.update(this.id, { ...(state ? { stream: state } : {}), ...hold, rate: 0 })
    this.readings.ended()
    if (!this.#isLeaving && this.#lab.server.isOk) inBackground(this.#reads.read(this.id))
  }
}
