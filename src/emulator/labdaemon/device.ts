import type { Random } from '#lib/random.ts'
import type { Cancel, Timers } from '../shared/timers.ts'
import type { Loop } from './loop.ts'
import { PyError } from './python-error.ts'
import type { PyDict, PyValue } from './python-json.ts'
import type { Parameter } from './signature.ts'

/** More than this is not made up for: the machine slept, or the rate is beyond any thread. */
const MADE_UP_MS = 1_000
const MADE_UP = 1_000

/** What a stream gives a device to push its payloads into. */
export type Push = (payload: PyValue) => void

/** The lab a device stands in. */
export interface DeviceHost {
  readonly timers: Timers
  readonly loop: Loop
  readonly random: Random
  /** Seconds of the lab in ms of the clock: the emulator's `speed`. */
  ms(seconds: number): number
}

/** A public method, as `GET /devices/{id}/methods` lists it and `call` invokes it. */
export interface Method {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly doc?: string
  readonly invoke: (args: readonly PyValue[]) => PyValue
}

/** The streaming side of a device: `start_streaming`, `stop_streaming`, `is_streaming`. */
export interface Streaming {
  readonly active: boolean
  /** May raise, which ends the stream that asked with a `stream_error`. */
  start(push: Push): void
  stop(): void
}

/** An instance of a plug-in's device class. */
export abstract class Device {
  readonly id: string
  readonly className: string
  protected readonly host: DeviceHost
  /** A thread that holds the device's lock until then makes everybody else wait (LabDaemon wire contract §5.12). */
  lockedUntil = 0

  constructor(className: string, id: string, host: DeviceHost) {
    this.className = className
    this.id = id
    this.host = host
  }

  abstract methods(): readonly Method[]

  /** Undefined: the class has no `start_streaming`. */
  get streaming(): Streaming | undefined {
    return undefined
  }

  /** Undefined: the class has no `is_connected`, and the server guesses (LabDaemon wire contract §5.17). */
  isConnected(): boolean | undefined {
    return undefined
  }

  connect(): void {}

  disconnect(): void {}

  /** How long `connect` takes; it holds the device's lock meanwhile. */
  get connectSeconds(): number {
    return 0
  }

  method(name: string): Method | undefined {
    return this.methods().find((method) => method.name === name)
  }

  /** What touches the device from the event loop waits for its lock, and so does everything behind it. */
  waitForLock(): void {
    this.host.loop.block(this.lockedUntil - this.host.timers.now())
  }

  /** Works at a steady pace: what timers that fire late have left behind is made up for. */
  protected repeat(seconds: () => number, work: () => void): Cancel {
    const { timers } = this.host
    let stopped = false
    let cancel: Cancel = () => {}
    let due = timers.now() + this.host.ms(seconds())
    const wait = () => {
      cancel = timers.after(due - timers.now(), () => {
        const now = timers.now()
        due = Math.max(due, now - MADE_UP_MS)
        for (let made = 0; !stopped && due <= now && made < MADE_UP; made++) {
          due += this.host.ms(seconds())
          work()
        }
        if (due <= now) due = now + 1
        if (!stopped) wait()
      })
    }
    wait()
    return () => {
      stopped = true
      cancel()
    }
  }
}

/** A device class under the name it is registered with. */
export interface DeviceClass {
  /** Raises what the constructor raises. */
  create(id: string, params: PyDict, host: DeviceHost): Device
}

/** The virtual device through which a task streams: no `is_connected`, stays for ever (§5.6, §5.17). */
export class VirtStreamDevice extends Device {
  #push: Push | undefined

  constructor(id: string, host: DeviceHost) {
    super('VirtStreamDevice', id, host)
  }

  send(payload: PyValue): void {
    this.#push?.(payload)
  }

  override get streaming(): Streaming {
    const isActive = () => this.#push !== undefined
    return {
      get active() {
        return isActive()
      },
      start: (push) => {
        this.#push = push
      },
      stop: () => {
        this.#push = undefined
      },
    }
  }

  override methods(): readonly Method[] {
    return [
      { name: 'connect', parameters: [], invoke: () => null },
      { name: 'disconnect', parameters: [], invoke: () => this.#stop() },
      { name: 'is_streaming', parameters: [], invoke: () => this.streaming.active },
      {
        name: 'send_data',
        parameters: [{ name: 'data', type: 'any' }],
        doc: 'Push a payload to whoever streams.',
        invoke: ([data = null]) => {
          this.send(data)
          return null
        },
      },
      startStreaming('Stream payloads to `callback`.'),
      {
        name: 'stop_streaming',
        parameters: [{ name: 'timeout', type: 'any', default: null }],
        doc: 'Stop streaming.',
        invoke: () => this.#stop(),
      },
    ]
  }

  #stop(): null {
    this.streaming.stop()
    return null
  }
}

/** Listed like any method, but JSON has no callbacks (LabDaemon wire contract §3, M). */
export function startStreaming(doc: string): Method {
  return {
    name: 'start_streaming',
    parameters: [{ name: 'callback', type: 'any' }],
    doc,
    invoke: () => {
      throw new PyError('TypeError', 'callback is not callable')
    },
  }
}
