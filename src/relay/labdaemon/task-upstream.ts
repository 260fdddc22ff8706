import { detached } from '#lib/detached.ts'
import type { Gap } from '#model/gap.ts'
import type { StreamStateName } from '#model/stream-state.ts'
import type { TaskEvent } from '#model/task-events.ts'
import { parsePythonJson } from '#protocols/labdaemon/json.ts'
import { decodeProgress } from '#protocols/labdaemon/progress.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { SseMessage } from './sse.ts'
import { StepGaps } from './step-gaps.ts'
import { DeviceStream, type DeviceStreamOptions, type StreamPolicy } from './device-stream.ts'
import { RawMessages } from './raw-messages.ts'

/** Safe to attach to as soon as it is there, and to be held to the task's end (LabDaemon wire contract §5.5). */
const POLICY: StreamPolicy = {
  queueClass: 'open-task',
  missing: 'wait',
  stoppedPerMinute: Infinity,
  mayOpen: (device) => ({ do: device.streaming ? 'wait' : 'open' }),
}

export interface TaskUpstreamOptions extends Omit<
  DeviceStreamOptions,
  'policy' | 'onMessages' | 'onState' | 'onInterrupted'
> {
  record(events: readonly TaskEvent[]): void
  onInterrupted(): void
}

/** One task's stream turned into events of its record: progress, gaps, the stream's own state. */
export class TaskUpstream {
  readonly #options: TaskUpstreamOptions
  readonly #stream: DeviceStream
  readonly #gaps = new StepGaps()
  readonly #raw = new RawMessages()
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

  finish(reason: string): Promise<void> {
    return this.#stream.finish(reason)
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
    const events: TaskEvent[] = []
    for (const { event, data } of messages) {
      if (event !== 'device_data') continue
      this.#heard = true
      this.#raw.keep(at, event, data)
      let body: unknown
      try {
        body = parsePythonJson(data)
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
      if (gap) events.push({ k: 'gap', ...gap })
      // Other payloads are data all the same: the task lives, and the Data view shows them.
      events.push({
        k: 'progress',
        at,
        ...(progress ?? { step: null, total: null, percent: null, message: null }),
      })
    }
    if (events.length > 0) this.#options.record(events)
  }
}
