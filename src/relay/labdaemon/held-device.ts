import type { Author } from '#model/author.ts'
import type { CommandError } from '#model/command.ts'
import type { Device, StreamHold } from '#model/device.ts'
import type { StreamState } from '#model/stream-state.ts'
import type { Clock } from '#lib/clock.ts'
import { ownRefusal } from './command-error.ts'
import { mayOpen, type Consent } from './device-guard.ts'
import type { StreamPolicy } from './device-stream.ts'
import { DeviceUpstream, type DeviceUpstreamOptions } from './device-upstream.ts'

/** Whoever stops the device means it: it is opened again so often a minute, no more. */
const STOPPED_PER_MINUTE = 2

export interface HeldDeviceOptions extends Omit<DeviceUpstreamOptions, 'policy' | 'onState'> {
  by: Author
  keepMs: number | null
  consent: Consent
  /** Some page shows the device. */
  isWatched(): boolean
  /** News for the device's record. */
  onChange(patch: Partial<Device>): void
  /** It is over, for good; `asked`: Weir left it. */
  onEnd(asked: boolean): void
}

/** A device's stream that Weir holds by somebody's word: until it is stopped, taken, gone, or nobody watches. */
export class HeldDevice {
  readonly upstream: DeviceUpstream
  readonly #options: HeldDeviceOptions
  readonly #clock: Clock
  #opened!: Promise<CommandError | null>
  #settle!: (error: CommandError | null) => void
  #consent: Consent | null
  #hold: StreamHold
  /** By the clock that nobody sets. */
  #leaveDue: number | null = null
  #owner: string | null
  /** The owner whom the newest start was agreed to disturb. */
  #agreed: string | null
  /** The task whose end is waited for, though nobody watches. */
  #keptFor: string | null = null
  #leaving = false
  #ended = false

  constructor(options: HeldDeviceOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#consent = options.consent
    this.#owner = this.#agreed = options.consent.owner
    const { by, keepMs } = options
    this.#hold = { by, since: options.clock.now(), keepMs, leaveAt: null, note: null }
    this.#expect()
    const policy: StreamPolicy = {
      turn: () => ({ class: options.isWatched() ? 'open-watched' : 'open-device' }),
      missing: 'end',
      heldBy: 'held by another client of the server',
      respectsStops: true,
      stoppedPerMinute: STOPPED_PER_MINUTE,
      mayOpen: (device, tookOver) =>
        mayOpen(device, tookOver && this.#consent ? { ...this.#consent, takeOver: false } : this.#consent),
      sparesOwners: true,
    }
    this.upstream = new DeviceUpstream({
      ...options,
      policy,
      onState: (state) => {
        this.#onState(state)
      },
    })
  }

  /** How the start ends: null when the stream is open, else why it is not. */
  get opened(): Promise<CommandError | null> {
    return this.#opened
  }

  start(): void {
    this.#options.onChange({ hold: this.#hold })
    this.upstream.stream.start()
  }

  /** Somebody wants now what waits for its time, and agrees to its consequence. */
  startAgain(consent: Consent): void {
    if (this.isLive) return
    this.#consent = consent
    this.#agreed = consent.owner
    this.#expect()
    this.upstream.stream.retry()
  }

  /** True while it is open, or about to be. */
  get isLive(): boolean {
    const { state } = this.upstream.stream
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
    this.#leaving = true
    this.#settle(ownRefusal(409, 'Stopped', 'the stream was stopped before it was open'))
    const owner = await this.upstream.stream.finish(reason, agreed)
    if (owner === null) this.#end()
    else this.#leaving = false
    return owner
  }

  /** Hangs up at once: the device is gone, or its server. */
  drop(name: 'closed' | 'failed', reason: string): void {
    if (this.#ended) return
    this.#settle({ outcome: 'refused', status: null, type: 'NotOpened', message: reason, owner: null })
    this.#end({ name, reason, since: this.#clock.now(), retryAt: null })
  }

  /**
   * Once a second.
   * @param watchers pages that watch the device
   * @returns true when nobody has watched for as long as it is to be kept
   */
  isLeftAlone(watchers: number): boolean {
    if (watchers > 0 || this.#hold.keepMs === null) {
      this.#leaveDue = null
      this.#keptFor = null
      this.#set({ leaveAt: null })
      return false
    }
    if (this.#keptFor !== null) return false
    const now = this.#clock.monotonic()
    if (this.#leaveDue === null) {
      this.#leaveDue = now + this.#hold.keepMs
      this.#set({ leaveAt: this.#clock.now() + this.#hold.keepMs })
    }
    return now >= this.#leaveDue
  }

  /** Nobody watches, but a task owns the device: to stop it would stop the task's data (wire contract §5.5). */
  keepFor(owner: string): void {
    this.#keptFor = owner
    this.#leaveDue = null
    this.#set({ leaveAt: null })
  }

  /** What the server said last of who owns the device. */
  ownedBy(owner: string | null): void {
    this.#owner = owner
    // Its task has ended: the time begins anew.
    if (this.#keptFor !== null && owner !== this.#keptFor) this.#keptFor = null
    this.#set({})
  }

  #expect(): void {
    this.#opened = new Promise((resolve) => (this.#settle = resolve))
  }

  #set(patch: Partial<StreamHold>): void {
    if (this.#ended) return
    const next = { ...this.#hold, ...patch, note: this.#note() }
    if (
      next.keepMs === this.#hold.keepMs &&
      next.leaveAt === this.#hold.leaveAt &&
      next.note === this.#hold.note
    )
      return
    this.#hold = next
    this.#options.onChange({ hold: next })
  }

  #note(): string | null {
    const notes = []
    const { deviceId } = this.#options
    if (this.#owner !== null && this.#owner !== this.#agreed)
      notes.push(`${this.#owner} took ${deviceId} while Weir streams it: it may get no data.`)
    if (this.#keptFor !== null)
      notes.push(
        `Nobody watches; Weir keeps the stream until ${this.#keptFor} has ended, whose data would stop with it.`,
      )
    return notes.length > 0 ? notes.join(' ') : null
  }

  #onState(state: StreamState): void {
    if (this.#ended) return
    const opening = this.#consent !== null
    switch (state.name) {
      case 'open':
        this.#consent = null
        this.#settle(null)
        break
      case 'failed': {
        const { refusal } = this.upstream.stream
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
        if (opening && state.retryAt !== null) {
          if (state.name === 'in_use') this.#settle(ownRefusal(409, 'DeviceInUse', state.reason))
          this.drop('closed', state.reason)
          return
        }
        break
      default:
    }
    this.#options.onChange({ stream: state })
  }

  #end(state?: StreamState): void {
    if (this.#ended) return
    this.#ended = true
    this.#consent = null
    this.upstream.stream.drop(state?.reason ?? '')
    this.#options.onChange({ ...(state ? { stream: state } : {}), hold: null, rate: 0 })
    this.#options.onEnd(this.#leaving)
  }
}
