import type { Random } from '#lib/random.ts'
import { StreamBody } from '../shared/stream-body.ts'
import type { Cancel, Timers } from '../shared/timers.ts'
import type { Device } from './device.ts'
import { TICK_MS } from './loop.ts'
import type { Loop } from './loop.ts'
import type { Manners, StreamRequest } from './manners.ts'
import { DeviceStream, streamError } from './stream.ts'
import type { Cut } from './stream.ts'
import type { TaskId } from './task.ts'

/** A refused client's answer leaves after this; until it is read the refusal holds the lock (§5.1). */
const REFUSAL_MS = 8

/** An open stream, for assertions. */
export interface OpenStream {
  readonly deviceId: string
  readonly state: 'live' | 'stopping' | 'orphan'
  readonly openedAt: number
  /** Data events sent to its client. */
  readonly sent: number
}

interface Surroundings {
  readonly timers: Timers
  readonly loop: Loop
  readonly random: Random
  readonly manners: Manners
  readonly lateCleanup: boolean
  readonly onEmpty: () => void
}

/** All streams of a server: one client per device, and the lock through which the server hangs itself. */
export class Streams {
  readonly #around: Surroundings
  /** The entry of a device, which a late clean-up of an older stream removes as well (§5.3). */
  readonly #active = new Map<string, DeviceStream>()
  readonly #open = new Set<DeviceStream>()
  readonly #orphans = new Map<DeviceStream, number>()
  #cancelTick: Cancel | undefined

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** What a strict server says to a request for this stream, made now. */
  objection(device: Device, owner: TaskId | undefined): string | undefined {
    return this.#around.manners.objection(device.id, owner)
  }

  /** The body of `GET /stream/devices/{id}`; may hang the server, which then never sends it (§5.1). */
  open(device: Device): StreamBody {
    const { manners, loop } = this.#around
    const request = manners.arrived(device.id)
    const streaming = device.streaming
    if (!streaming)
      return this.#errorBody(device, request, `Device '${device.id}' does not support streaming`)
    if (manners.isRefusing) loop.hang()
    if (this.#active.has(device.id)) {
      manners.refused(request)
      if (manners.isDeadly(request)) loop.hang()
      return this.#errorBody(device, request, `Device '${device.id}' is already streaming`)
    }
    const stream = new DeviceStream(device, streaming, {
      timers: this.#around.timers,
      loop,
      lateCleanup: this.#around.lateCleanup,
      release: (ended) => this.#release(ended),
      onFirstRead: () => (request.answered = true),
      onHangUp: (left) => this.#onHangUp(left, request),
    })
    if (stream.start()) {
      this.#active.set(device.id, stream)
      this.#open.add(stream)
      this.#tick()
    }
    return stream.body
  }

  /** `POST …/stream/stop`: frees the device at once, though the old body has yet to end (§5.3). */
  stop(device: Device): void {
    const { manners, loop } = this.#around
    if (manners.isRefusing) {
      loop.hang()
      return
    }
    this.#active.get(device.id)?.stop()
    this.#active.delete(device.id)
  }

  /** Any traffic wakes the loop, which sends what waits (§5.11), and may collect garbage (§5.3). */
  wake(): void {
    for (const stream of this.#open) stream.drain()
    for (const [orphan, due] of this.#orphans)
      if (this.#around.timers.now() >= due) {
        this.#orphans.delete(orphan)
        orphan.finish()
      }
  }

  list(): OpenStream[] {
    return [...this.#open].flatMap(({ device, state, openedAt, sent }) =>
      state === 'ended' ? [] : [{ deviceId: device.id, state, openedAt, sent }],
    )
  }

  cut(mode: Cut): void {
    for (const stream of this.#open) {
      stream.cut(mode)
      this.#noteOrphan(stream)
    }
  }

  kill(): void {
    for (const stream of this.#open) stream.kill()
    this.#open.clear()
    this.#active.clear()
    this.#orphans.clear()
  }

  #errorBody(device: Device, request: StreamRequest, message: string): StreamBody {
    const { timers, loop } = this.#around
    const body = new StreamBody({
      onRead: () => (request.answered = true),
      onHangUp: () => (request.answered = true),
    })
    timers.after(REFUSAL_MS, () =>
      loop.run(() => {
        body.write(streamError(device.id, timers.now(), 'DeviceError', message))
        body.end()
      }),
    )
    return body
  }

  #release(stream: DeviceStream): void {
    if (this.#around.manners.isRefusing) this.#around.loop.hang()
    this.#active.delete(stream.device.id)
    this.#open.delete(stream)
    if (this.#open.size === 0) this.#around.onEmpty()
  }

  #onHangUp(stream: DeviceStream, request: StreamRequest): void {
    request.answered = true
    const { manners, timers } = this.#around
    const after =
      stream.state === 'stopping' ? 'asked to stop but did not wait for its end' : 'not stopped first'
    manners.breach('§5.3', `the client hung up on the stream of '${stream.device.id}', ${after}`)
    timers.after(0, () => this.#noteOrphan(stream))
  }

  #noteOrphan(stream: DeviceStream): void {
    if (stream.state !== 'orphan') return
    const { timers, random } = this.#around
    this.#orphans.set(stream, timers.now() + random.between(3_000, 28_000))
  }

  /** uvicorn's own beat, in phase with the process (§5.11). */
  #tick(): void {
    if (this.#cancelTick) return
    const { timers, loop } = this.#around
    this.#cancelTick = timers.after(TICK_MS, () =>
      loop.run(() => {
        this.#cancelTick = undefined
        if (this.#open.size === 0) return
        // Armed first: the beat goes on while what waits is written.
        this.#tick()
        for (const stream of this.#open) stream.drain()
      }),
    )
  }
}
