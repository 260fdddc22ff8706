import { realClock } from '#lib/clock.ts'
import type { Clock } from '#lib/clock.ts'
import { startDemo } from './demo.ts'
import { addBenchDevices, benchDeviceClasses } from './library/bench-devices.ts'
import { benchTaskClasses } from './library/bench-tasks.ts'
import { addLabDevices, labDeviceClasses } from './library/lab-devices.ts'
import { labTaskClasses } from './library/lab-tasks.ts'
import { Server, connectionRefused } from './server.ts'
import type { Cut } from './stream.ts'
import type { OpenStream } from './streams.ts'

export type { Cut } from './stream.ts'

export interface LabDaemonOptions {
  /** The same seed and clock give the same lab. */
  seed?: number
  clock?: Clock
  /** Every breach of a guest's manners is recorded and answered loudly, instead of hanging the server. */
  strict?: boolean
  /** Hanging up on a fast stream leaves it behind, to be cleaned up late (LabDaemon wire contract §5.3). */
  lateCleanup?: boolean
  /** `demo`: a lab at work; `bench`: the recordings' devices, no tasks; `empty`: task types only. */
  preset?: 'demo' | 'bench' | 'empty'
  /** How much faster than real time tasks and devices work; the server's own delays stay. */
  speed?: number
}

/** An embedded LabDaemon that behaves as the real server was measured to behave. */
export interface LabDaemonEmulator {
  fetch(request: Request): Promise<Response>
  /** Breaches of a guest's manners, in strict mode. */
  readonly violations: string[]
  /** True: nothing is ever answered again, until `restart` (LabDaemon wire contract §5.1). */
  readonly hung: boolean
  /** Streams whose device is held, with or without a client. */
  openStreams(): OpenStream[]
  /** SIGKILL: streams break, requests are refused (§5.14). */
  kill(): void
  /** A new process: no tasks, no `stream-…` devices, devices as the preset adds them (§5.14). */
  restart(): void
  /** Hangs the server as two refused streams at one moment do (§5.1). */
  hang(): void
  /** SIGTERM on the newer stack: streams go on, requests are refused (§5.14). */
  shutdown(): void
  /** Something slow keeps the event loop from everything else (§5.12). */
  block(ms: number): void
  /** The network cuts every open stream. */
  cutStreams(mode: Cut): void
  /** Ends the process and every timer. */
  stop(): void
}

/** Starts a LabDaemon inside this program; see `LabDaemonOptions`. */
export function createLabDaemon(options: LabDaemonOptions = {}): LabDaemonEmulator {
  const { seed = 1, clock = realClock, strict = false, lateCleanup = false } = options
  const { preset = 'demo', speed = 1 } = options
  const violations: string[] = []
  let lives = 0

  const start = () => {
    lives++
    const server = new Server({
      clock,
      seed: seed + lives,
      speed,
      strict,
      lateCleanup,
      violations,
      deviceClasses: new Map([...benchDeviceClasses, ...labDeviceClasses]),
      taskClasses: new Map([...benchTaskClasses, ...labTaskClasses]),
    })
    if (preset !== 'empty') addBenchDevices(server.daemon)
    if (preset === 'demo') {
      addLabDevices(server.daemon)
      startDemo(server.daemon)
    }
    return server
  }

  let server = start()
  return {
    fetch: (request) => (server.alive ? server.fetch(request) : Promise.reject(connectionRefused())),
    violations,
    get hung() {
      return server.loop.hung
    },
    openStreams: () => server.streams.list(),
    kill: () => server.die(),
    restart: () => {
      server.die()
      server = start()
    },
    hang: () => server.loop.hang(),
    shutdown: () => server.shutDown(),
    block: (ms) => server.loop.block(ms),
    cutStreams: (mode) => server.streams.cut(mode),
    stop: () => server.die(),
  }
}
