import type { Cancel } from '../../shared/timers.ts'
import { Device, startStreaming } from '../device.ts'
import type { DeviceHost, Method, Push, Streaming } from '../device.ts'
import { toFloat } from '../python-error.ts'
import { PyError } from '../python-error.ts'
import type { PyValue } from '../python-json.ts'

/** A device that is opened and closed. */
export class Instrument extends Device {
  #connected: boolean
  readonly #connectSeconds: number

  constructor(className: string, id: string, host: DeviceHost, connected = false, connectSeconds = 0) {
    super(className, id, host)
    this.#connected = connected
    this.#connectSeconds = connectSeconds
  }

  override isConnected(): boolean {
    return this.#connected
  }

  override connect(): void {
    this.#connected = true
  }

  override disconnect(): void {
    this.#connected = false
  }

  override get connectSeconds(): number {
    return this.#connectSeconds
  }

  override methods(): readonly Method[] {
    return [
      {
        name: 'connect',
        parameters: [],
        doc: 'Open the instrument.',
        invoke: () => {
          this.connect()
          return null
        },
      },
      {
        name: 'disconnect',
        parameters: [],
        doc: 'Close the instrument.',
        invoke: () => {
          this.disconnect()
          return null
        },
      },
      {
        name: 'is_connected',
        parameters: [],
        doc: 'True while the instrument is open.',
        invoke: () => this.isConnected(),
      },
    ]
  }
}

/**
 * An instrument that pushes readings at a rate. A second start is ignored, as LabDaemon's guide teaches, so
 * whoever comes second gets nothing (LabDaemon wire contract §5.5).
 */
export abstract class StreamingInstrument extends Instrument {
  #push: Push | undefined
  #pushed = 0
  #hertz: number
  #cancel: Cancel = () => {}

  constructor(
    className: string,
    id: string,
    host: DeviceHost,
    hertz: number,
    connected = true,
    connectSeconds = 0,
  ) {
    super(className, id, host, connected, connectSeconds)
    this.#hertz = hertz
  }

  /** The n-th reading since the start. */
  protected abstract reading(n: number): PyValue

  /** May raise instead of starting. */
  protected checkReady(): void {}

  get pushed(): number {
    return this.#pushed
  }

  setRate(hertz: number): void {
    if (!(hertz > 0)) throw new PyError('ValueError', 'the rate must be more than 0 Hz')
    this.#hertz = hertz
  }

  override get streaming(): Streaming {
    const isActive = () => this.#push !== undefined
    return {
      get active() {
        return isActive()
      },
      start: (push) => this.#start(push),
      stop: () => this.#stop(),
    }
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'is_streaming',
        parameters: [],
        doc: 'True while readings are pushed.',
        invoke: () => this.#push !== undefined,
      },
      {
        name: 'readings_pushed',
        parameters: [],
        doc: 'How many readings the callback was given since the last start.',
        invoke: () => this.#pushed,
      },
      {
        name: 'set_rate',
        parameters: [{ name: 'hz', type: 'number' }],
        doc: 'Readings per second, from the next reading on.',
        invoke: ([hertz = null]) => {
          this.setRate(toFloat(hertz))
          return null
        },
      },
      startStreaming('Push readings to `callback` until stop_streaming; a second start is ignored.'),
      {
        name: 'stop_streaming',
        parameters: [{ name: 'timeout', type: 'any', default: null }],
        doc: 'Stop pushing.',
        invoke: () => {
          this.#stop()
          return null
        },
      },
    ]
  }

  #start(push: Push): void {
    if (this.#push) return
    this.checkReady()
    this.#push = push
    this.#pushed = 0
    this.#cancel = this.repeat(
      () => 1 / this.#hertz,
      () => this.#pushOne(),
    )
    this.#pushOne()
  }

  #stop(): void {
    this.#cancel()
    this.#push = undefined
  }

  #pushOne(): void {
    this.#push?.(this.reading(this.#pushed++))
  }
}
