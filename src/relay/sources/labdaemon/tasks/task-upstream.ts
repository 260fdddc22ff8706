import { detached } from '#lib/detached.ts'
import { report } from '#lib/isolate.ts'
import { streamDeviceOf } from '#protocols/labdaemon/stream-devices.ts'
import type { Gap } from '#model/gap.ts'
import type { StreamState, StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { parseStreamJson } from '#protocols/labdaemon/json.ts'
import { decodeProgress, type ProgressPayload } from '#protocols/labdaemon/progress.ts'
import type { DeviceBody } from '#protocols/labdaemon/schemas.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import { taskTopic } from '#protocols/weir/topics.ts'
import { NUMBERS } from '#topics/numbers.ts'
import type { DeviceMessage } from '#model/samples.ts'
import { ownFault } from '../../../own-fault.ts'
import { RawMessages } from '../../../raw-messages.ts'
import type { Lab } from '../lab.ts'
import { RunSigns, type Seen } from '../restarts.ts'
import { DeviceStream } from '../streams/device-stream.ts'
import { isOpen } from '../streams/live-streams.ts'
import type { SseMessage } from '../../../read-sse.ts'
import { StepGaps } from '../streams/step-gaps.ts'
import type { Permission, StreamOwner, StreamRules } from '../streams/stream-owner.ts'
import type { Turn } from '../streams/stream-queue.ts'
import type { TaskRecords } from './task-records.ts'

/** Safe to attach to as soon as it is there, and to be held to the task's end (LabDaemon wire contract §5.5). */
const RULES: StreamRules = {
  missing: 'wait',
  // A task that calls start_streaming on its own stream keeps everybody else out (§5.20).
  heldBy: 'held by another client of the server, or by the task itself',
  respectsStops: false,
  stoppedPerMinute: Infinity,
  sparesOwners: false,
}

/** So long after its start a task without a stream is asked for it before all others. */
const NEW_MS = 30_000

/**
 * Readings a second: of one task as many as a LabDaemon lets through at its best (§5.11), of all
 * tasks of a source together about so many, and of each at least a few.
 */
const READINGS_PER_S = { perTask: 100, inAll: 4_000, least: 5 }

/** How many readings a second each of so many tasks may have. */
export function readingsPerTask(tasks: number): number {
  const { perTask, inAll, least } = READINGS_PER_S
  return Math.max(least, Math.min(perTask, inAll / tasks))
}

/** What a payload that is no progress says of it. */
const NO_PROGRESS: ProgressPayload = { step: null, total: null, percent: null, message: null }

/** Takes every n-th message, so that no task costs more than so many readings a second. */
class Pacing {
  #second = 0
  #count = 0
  #every = 1

  takes(at: number, perSecond: number): boolean {
    const second = Math.floor(at / 1_000)
    if (second !== this.#second) {
      this.#every = Math.max(1, Math.ceil(this.#count / perSecond))
      this.#second = second
      this.#count = 0
    }
    return this.#count++ % this.#every === 0
  }
}

/** Who follows the tasks of a source, told what a stream alone cannot judge. */
export interface TaskFollower {
  readonly records: TaskRecords
  /** Tasks of the source that are followed now. */
  readonly followed: number
  /**
   * What comes now is of another run under the same id.
   * @param before the run before, in words
   * @param since when that was lost, ms of the monotonic clock
   */
  anotherRun(id: string, before: string, since: number): void
}

/** One task's stream turned into events of its record: progress, gaps, the stream's own state. */
export class TaskUpstream implements StreamOwner {
  readonly rules = RULES
  readonly #lab: Lab
  readonly #follower: TaskFollower
  readonly #id: string
  /** Through which the task streams: the numbers in its messages are channels like a device's. */
  readonly #stream: DeviceStream
  #gaps = new StepGaps()
  #signs = new RunSigns()
  /** The stream was lost, and what comes next may be of another run. */
  #doubtful: { since: number; refused: boolean } | null = null
  #brokenAt = -Infinity
  readonly #raw = new RawMessages()
  readonly #pacing = new Pacing()
  /** When it was begun, ms of the monotonic clock. */
  #since: number
  /** What it says is lost until its stream is open. */
  #isNew: boolean
  #wasOpen = false
  #heard = false

  /** @param isNew the task was just started */
  constructor(lab: Lab, follower: TaskFollower, id: string, isNew: boolean) {
    this.#lab = lab
    this.#follower = follower
    this.#id = id
    this.#isNew = isNew
    this.#since = lab.context.clock.monotonic()
    this.#stream = new DeviceStream(lab, streamDeviceOf(id), this)
    const { progress } = follower.records.get(id) ?? {}
    if (progress && progress.step !== null) this.#goOnFrom(progress.step, progress.total)
  }

  /** Weir knows a step that came over an earlier stream, perhaps before it was restarted. */
  #goOnFrom(step: number, total: number | null): void {
    this.#gaps.goOnFrom(step, total)
    this.#signs.take({ step, total, at: this.#since })
    this.#doubtful = { since: this.#since, refused: false }
    this.#heard = true
  }

  get state(): StreamStateName {
    return this.#stream.state
  }

  /** The newest messages as they came. */
  get raw(): readonly RawItem[] {
    return this.#raw.items
  }

  /** What is missing of what was received up to the task's end, as far as only that tells. */
  gapAtEnd(at: number, completed: boolean): Gap | null {
    if (this.#stream.exists && !this.#heard) {
      const text =
        this.state === 'in_use'
          ? 'nothing recorded: another client of the server held its stream'
          : 'nothing recorded: it ended before Weir could listen'
      return { at, cause: 'late', text, missed: null }
    }
    const hole = this.#gaps.atEnd(at, completed)
    if (!hole) return null
    const { before: _, ...gap } = hole
    return gap
  }

  start(): void {
    this.#stream.start()
  }

  retry(): void {
    this.#stream.retry()
  }

  watch(expectData: boolean): Promise<void> {
    return this.#stream.watch(expectData)
  }

  async finish(reason: string): Promise<void> {
    const { samples, name } = this.#lab.context
    samples.ended(NUMBERS, name, this.#id)
    await this.#stream.finish(reason)
  }

  drop(reason: string): void {
    this.#stream.drop(reason)
  }

  /** True when the stream is the one that was open at that time (ms of the monotonic clock). */
  survived(since: number): boolean {
    return this.#brokenAt < since && isOpen(this.state)
  }

  /** True once the run was seen to make steps. */
  get hasSteps(): boolean {
    return this.#signs.areSeen
  }

  /** Its server was away: the next step tells whether it is the same run. */
  doubt(): void {
    this.#doubtful = { since: this.#brokenAt, refused: true }
  }

  /** What comes next is of another run. */
  beginAnew(): void {
    this.#gaps = new StepGaps()
    this.#signs = new RunSigns()
    this.#doubtful = null
    this.#heard = false
    this.#wasOpen = this.state === 'open'
    this.#isNew = true
    this.#since = this.#lab.context.clock.monotonic()
  }

  /** At the task's end: learns whether there was a stream that was never listened to. */
  look(): Promise<void> {
    return this.#stream.look()
  }

  get #now(): number {
    return this.#lab.context.clock.now()
  }

  #record(events: readonly TaskEvent[]): void {
    this.#follower.records.add(this.#id, events)
  }

  turn(): Turn {
    const { clock, isWatched, name } = this.#lab.context
    if (this.#isNew && !this.#wasOpen && clock.monotonic() - this.#since < NEW_MS)
      return { class: 'open-new', since: this.#since }
    return { class: isWatched(taskTopic(name, this.#id)) ? 'open-watched' : 'open-task' }
  }

  mayOpen({ streaming }: DeviceBody): Permission {
    return { do: streaming ? 'wait' : 'open' }
  }

  streamChanged(state: StreamState): void {
    this.#wasOpen ||= state.name === 'open'
    this.#record([{ k: 'stream', at: this.#now, state }])
  }

  interrupted(cut: boolean): void {
    this.#gaps.interrupted()
    this.#brokenAt = this.#lab.context.clock.monotonic()
    this.#doubtful = { since: this.#brokenAt, refused: false }
    if (cut) {
      const text = 'the stream was cut inside a message'
      this.#record([{ k: 'gap', at: this.#now, cause: 'malformed', text, missed: null }])
    }
    this.#lab.server.streamLost()
  }

  /** True where a step after an interruption is another run's. */
  #isAnotherRun(seen: Seen): boolean {
    const doubt = this.#doubtful
    this.#doubtful = null
    return doubt !== null && this.#signs.isAnother(seen, doubt.since, doubt.refused)
  }

  received(messages: readonly SseMessage[]): void {
    const at = this.#now
    const { samples, name, clock } = this.#lab.context
    const mono = clock.monotonic()
    const events: TaskEvent[] = []
    const bodies: DeviceMessage[] = []
    const perSecond = readingsPerTask(this.#follower.followed)
    for (const { event, data } of messages) {
      if (event !== 'device_data') continue
      this.#raw.keep(at, event, data)
      let body: unknown
      try {
        body = parseStreamJson(data)
      } catch {
        events.push({
          k: 'lines',
          at,
          kind: 'error',
          texts: [detached(`a message that is no JSON: ${data.slice(0, 500)}`)],
        })
        continue
      }
      try {
        this.#take(body, at, mono, events)
      } catch (error) {
        report(error)
        const text = `not entered: ${ownFault(error)}`
        events.push({ k: 'lines', at, kind: 'error', texts: [text] })
        continue
      }
      if (this.#pacing.takes(at, perSecond)) bodies.push({ json: data, body })
    }
    if (events.length > 0) this.#record(events)
    samples.receive(NUMBERS, name, this.#id, bodies)
  }

  /**
   * Enters what one message says, behind `events` that are not recorded yet.
   * @param mono when it was received, ms of the monotonic clock
   */
  #take(body: unknown, at: number, mono: number, events: TaskEvent[]): void {
    const { context, traffic } = this.#lab
    // Other payloads are data all the same: the task lives, and the Data view shows them.
    const { step, total, percent, message } = decodeProgress(body) ?? NO_PROGRESS
    if (step !== null) {
      const seen = { step, total, at: mono }
      if (this.#isAnotherRun(seen)) {
        if (events.length > 0) this.#record(events.splice(0))
        this.#follower.anotherRun(this.#id, this.#signs.words, this.#brokenAt)
      }
      this.#signs.take(seen)
    }
    this.#heard = true
    for (const { before, ...gap } of this.#gaps.next(step, total, at)) {
      // Its place is where the hole is, unless that was told already.
      const place =
        before === null ? -1 : events.findIndex((each) => each.k === 'progress' && each.step === before)
      events.splice(place < 0 ? events.length : place, 0, { k: 'gap', ...gap })
      context.samples.gap(NUMBERS, context.name, this.#id, gap)
    }
    traffic.events += 1
    events.push({ k: 'progress', at, step, total, percent, message })
  }
}
