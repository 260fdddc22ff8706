import { detached } from '#lib/detached.ts'
import type { Gap } from '#model/gap.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { parseStreamJson } from '#protocols/labdaemon/json.ts'
import { decodeProgress } from '#protocols/labdaemon/progress.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { DeviceBook } from '../device-book.ts'
import type { DeviceMessage } from '../device-samples.ts'
import type { SseMessage } from './sse.ts'
import { StepGaps } from './step-gaps.ts'
import { DeviceStream, type DeviceStreamOptions, type StreamPolicy } from './device-stream.ts'
import { RawMessages } from './raw-messages.ts'

/** Safe to attach to as soon as it is there, and to be held to the task's end (LabDaemon wire contract §5.5). */
const POLICY: StreamPolicy = {
  queueClass: 'open-task',
  missing: 'wait',
  respectsStops: false,
  stoppedPerMinute: Infinity,
  mayOpen: (device) => ({ do: device.streaming ? 'wait' : 'open' }),
  sparesOwners: false,
}

/**
 * Readings a second: of one task as many as a LabDaemon lets through at its best (wire contract §5.11), of all
 * tasks of a source together about so many, and of each at least a few.
 */
const READINGS_PER_S = { perTask: 100, inAll: 4_000, least: 5 }

/** How many readings a second each of so many tasks may have. */
export function readingsPerTask(tasks: number): number {
  const { perTask, inAll, least } = READINGS_PER_S
  return Math.max(least, Math.min(perTask, inAll / tasks))
}

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

export interface TaskUpstreamOptions extends Omit<
  DeviceStreamOptions,
  'policy' | 'onMessages' | 'onState' | 'onInterrupted'
> {
  record(events: readonly TaskEvent[]): void
  /** Takes what the messages carry beside progress: the numbers of a task are channels like a device's. */
  readings: Pick<DeviceBook, 'receive' | 'gap' | 'ended'>
  source: string
  /** Tasks of the source that stream now. */
  tasks(): number
  onInterrupted(): void
}

/** One task's stream turned into events of its record: progress, gaps, the stream's own state. */
export class TaskUpstream {
  readonly #options: TaskUpstreamOptions
  readonly #stream: DeviceStream
  readonly #gaps = new StepGaps()
  readonly #raw = new RawMessages()
  readonly #pacing = new Pacing()
  #heard = false

  constructor(options: TaskUpstreamOptions) {
    this.#options = options
    const now = () => options.clock.now()
    this.#stream = new DeviceStream({
      ...options,
      policy: POLICY,
      onMessages: (messages) => {
        this.#onMessages(messages)
      },
      onState: (state) => {
        options.record([{ k: 'stream', at: now(), state }])
      },
      onInterrupted: (cut) => {
        this.#gaps.interrupted()
        if (cut)
          options.record([
            {
              k: 'gap',
              at: now(),
              cause: 'malformed',
              text: 'the stream was cut inside a message',
              missed: null,
            },
          ])
        options.onInterrupted()
      },
    })
  }

  get state(): StreamStateName {
    return this.#stream.state
  }

  /** The newest messages as they came. */
  get raw(): readonly RawItem[] {
    return this.#raw.items
  }

  /** The hole between what was received and the task's end, if there is one. */
  gapAtEnd(at: number): Gap | null {
    if (this.#stream.exists && !this.#heard) {
      const text =
        this.state === 'in_use'
          ? 'nothing recorded: another client of the server held its stream'
          : 'nothing recorded: it ended before Weir could listen'
      return { at, cause: 'late', text, missed: null }
    }
    return this.#gaps.atEnd(at)
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
    this.#options.readings.ended(this.#options.source, this.#options.deviceId)
    await this.#stream.finish(reason)
  }

  drop(reason: string): void {
    this.#stream.drop(reason)
  }

  /** Lets go of the connection without leaving the task: it is opened again when the server is back. */
  hangUp(): void {
    this.#stream.hangUp()
  }

  #onMessages(messages: readonly SseMessage[]): void {
    const at = this.#options.clock.now()
    const { readings, source, deviceId } = this.#options
    const events: TaskEvent[] = []
    const bodies: DeviceMessage[] = []
    const perSecond = readingsPerTask(this.#options.tasks())
    for (const { event, data } of messages) {
      if (event !== 'device_data') continue
      this.#heard = true
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
      const progress = decodeProgress(body)
      const gap = this.#gaps.next(progress?.step ?? null, at)
      if (gap) {
        events.push({ k: 'gap', ...gap })
        readings.gap(source, deviceId, gap)
      }
      if (this.#pacing.takes(at, perSecond)) bodies.push({ json: data, body })
      // Other payloads are data all the same: the task lives, and the Data view shows them.
      events.push({
        k: 'progress',
        at,
        ...(progress ?? { step: null, total: null, percent: null, message: null }),
      })
    }
    if (events.length > 0) this.#options.record(events)
    readings.receive(source, deviceId, bodies)
  }
}
