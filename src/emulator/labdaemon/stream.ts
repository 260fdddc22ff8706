import { StreamBody } from '../shared/stream-body.ts'
import type { Cancel, Timers } from '../shared/timers.ts'
import type { Device, Streaming } from './device.ts'
import type { Loop } from './loop.ts'
import { toPyError } from './python-error.ts'
import { EncodeError, dumpStream } from './python-json.ts'
import type { PyValue } from './python-json.ts'
import { commentTime, timestamp } from './time.ts'

/** Events that wait for the event loop; what comes on top is dropped (LabDaemon wire contract §5.11). */
const QUEUE_SIZE = 10
const PING_MS = 1_000
const COMMENT_MS = 15_000
/** From a request to the first bytes of its answer, as recorded. */
const FIRST_SEND_MS = 2
/** A slow stream is free this long after its client left (§5.3). */
const LEAVE_MS = 10
/** From this rate on a hang-up usually leaves the old stream behind (§5.3). */
const FAST_PER_SECOND = 20

/** How the network cuts a stream: an end, a broken connection, or an end in the middle of a line. */
export type Cut = 'clean' | 'error' | 'mid-line'

/** What a stream needs to know of the server around it. */
export interface StreamServer {
  readonly timers: Timers
  readonly loop: Loop
  /** True: hanging up on a fast stream leaves it behind until garbage is collected (§5.3). */
  readonly lateCleanup: boolean
  /** Takes the lock of the list of streams and drops the device's entry, whosever it is. */
  release(stream: DeviceStream): void
  readonly onFirstRead: () => void
  readonly onHangUp: (stream: DeviceStream) => void
}

/** One response of `GET /stream/devices/{id}` (LabDaemon wire contract §4). */
export class DeviceStream {
  readonly device: Device
  readonly openedAt: number
  readonly body: StreamBody
  readonly #server: StreamServer
  readonly #streaming: Streaming
  readonly #queue: { id: number; payload: PyValue }[] = []
  readonly #recent: number[] = []
  #nextId = 0
  #sent = 0
  #started = false
  #stopped = false
  #isCut = false
  #state: 'live' | 'orphan' | 'ended' = 'live'
  #cancelPing: Cancel = () => {}
  #cancelComment: Cancel = () => {}

  constructor(device: Device, streaming: Streaming, server: StreamServer) {
    this.device = device
    this.openedAt = server.timers.now()
    this.#streaming = streaming
    this.#server = server
    this.body = new StreamBody({
      onRead: (first, drained) => {
        if (first) server.onFirstRead()
        if (drained) this.#server.loop.run(() => this.#goOn())
      },
      onHangUp: () => this.#hangUp(),
    })
  }

  /** `stopping`: asked to stop, its body not ended yet; `orphan`: its client is gone, its hold is not. */
  get state(): 'live' | 'stopping' | 'orphan' | 'ended' {
    return this.#state === 'live' && this.#stopped ? 'stopping' : this.#state
  }

  /** Data events sent so far. */
  get sent(): number {
    return this.#sent
  }

  /** Starts the device; false when it refused, which is told to the client. */
  start(): boolean {
    const { timers, loop } = this.#server
    try {
      this.#streaming.start((payload) => this.#enqueue(payload))
    } catch (thrown) {
      const { type, message } = toPyError(thrown)
      timers.after(FIRST_SEND_MS, () => {
        this.body.write(streamError(this.device.id, timers.now(), type, message))
        this.body.end()
      })
      this.#state = 'ended'
      return false
    }
    timers.after(FIRST_SEND_MS, () =>
      loop.run(() => {
        this.#started = true
        this.#armPing()
        this.drain()
      }),
    )
    this.#armComment()
    return true
  }

  /** `POST …/stream/stop`: the device stops at once, the body ends within the next second (§5.3). */
  stop(): void {
    this.#stopped = true
    if (this.#streaming.active) this.#streaming.stop()
  }

  /** The event loop is awake: sends what the device's thread has left in the queue. */
  drain(): void {
    while (this.#started && this.#state === 'live' && !this.body.isFull) {
      const event = this.#queue.shift()
      if (!event) return
      if (!this.#send(event.id, event.payload)) return
      if (this.#stopped) this.finish()
    }
  }

  /** The end of the server's side: stops the device, whoever listens to it by now, and ends the body. */
  finish(): void {
    if (this.#state === 'ended') return
    this.#silence()
    this.#state = 'ended'
    if (this.#streaming.active) this.#streaming.stop()
    this.#server.release(this)
    this.body.end()
  }

  /** The network loses the connection; the server notices as with any client that left. */
  cut(mode: Cut): void {
    this.#isCut = true
    if (mode === 'error') this.body.break(new TypeError('terminated'))
    else {
      if (mode === 'mid-line')
        this.body.write(`id: ${this.#nextId}\r\nevent: device_data\r\ndata: {"step": 1`)
      this.body.end()
    }
    this.#leave()
  }

  /** The process is gone: no clean-up, no end. */
  kill(): void {
    this.#silence()
    this.#state = 'ended'
    this.body.break(new TypeError('terminated'))
  }

  #enqueue(payload: PyValue): void {
    if (this.#stopped || this.#queue.length >= QUEUE_SIZE) return
    this.#queue.push({ id: this.#nextId++, payload })
  }

  #send(id: number, payload: PyValue): boolean {
    let data: string
    try {
      data = dumpStream(payload)
    } catch (thrown) {
      const type = thrown instanceof EncodeError ? thrown.type : 'TypeError'
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      this.body.write(streamError(this.device.id, this.#server.timers.now(), type, message))
      this.finish()
      return false
    }
    this.#sent++
    this.#recent.push(this.#server.timers.now())
    if (this.#recent.length > FAST_PER_SECOND) this.#recent.shift()
    this.body.write(`id: ${id}\r\nevent: device_data\r\ndata: ${data}\r\n\r\n`)
    this.#armPing()
    return true
  }

  #armPing(): void {
    this.#cancelPing()
    this.#cancelPing = this.#server.timers.after(PING_MS, () => this.#server.loop.run(() => this.#onQuiet()))
  }

  /** A second has passed without data: a ping, after which a stopped stream ends (§4, §5.3). */
  #onQuiet(): void {
    if (this.#state !== 'live' || this.body.isFull) return
    if (this.#queue.length > 0) {
      this.drain()
      return
    }
    this.body.write('event: ping\r\ndata: {}\r\n\r\n')
    if (this.#stopped) this.finish()
    else this.#armPing()
  }

  /** The client reads again after it had let the buffer fill. */
  #goOn(): void {
    if (this.#state !== 'live') return
    this.#armPing()
    this.drain()
  }

  #armComment(): void {
    this.#cancelComment = this.#server.timers.after(COMMENT_MS, () =>
      this.#server.loop.run(() => {
        if (this.#state !== 'live') return
        if (!this.body.isFull) this.body.write(`: ping - ${commentTime(this.#server.timers.now())}\r\n\r\n`)
        this.#armComment()
      }),
    )
  }

  #hangUp(): void {
    if (this.#state === 'ended' || this.#isCut) return
    this.#server.onHangUp(this)
    this.#leave()
  }

  /** What the server does when a client is gone (§5.3). */
  #leave(): void {
    if (this.#state !== 'live') return
    if (this.#server.lateCleanup && this.#isFast()) {
      this.#silence()
      this.#state = 'orphan'
    } else {
      this.#server.timers.after(LEAVE_MS, () => this.#server.loop.run(() => this.finish()))
    }
  }

  #isFast(): boolean {
    const first = this.#recent[0]
    return (
      this.#recent.length === FAST_PER_SECOND &&
      first !== undefined &&
      this.#server.timers.now() - first <= 1_000
    )
  }

  #silence(): void {
    this.#cancelPing()
    this.#cancelComment()
  }
}

/** The event a refused or failed stream ends with (LabDaemon wire contract §4). */
export function streamError(deviceId: string, now: number, type: string, message: string): string {
  const data = { device_id: deviceId, timestamp: timestamp(now), error: { type, message } }
  return `event: stream_error\r\ndata: ${dumpStream(data)}\r\n\r\n`
}
