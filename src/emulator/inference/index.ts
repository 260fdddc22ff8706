import { realClock } from '#lib/clock.ts'
import type { Clock } from '#lib/clock.ts'
import type { Cut } from './channel.ts'
import { Cloud } from './cloud.ts'
import { startDemo } from './demo.ts'
import type { Failure } from './gate.ts'
import type { Envelope } from './http.ts'
import { Server, connectionRefused } from './server.ts'

export interface InferenceCloudOptions {
  /** The same seed and clock give the same cloud. */
  seed?: number
  clock?: Clock
  /** `demo`: a workspace at work, with a past; `empty`: apps only. */
  preset?: 'demo' | 'empty'
  /** Runs at a time; the others stay QUEUED. */
  workers?: number
  /** How much faster than real time apps and workers are; heartbeats stay. */
  speed?: number
  /** Where the files of outputs are, without a slash at the end; otherwise the origin of each request. */
  publicUrl?: string
  /** 429 beyond that many runs a minute. */
  runsPerMinute?: number
  /** After a terminal status a stream ends this many ms later, or stays open (inference.sh wire contract §6). */
  afterEnd?: number | 'stay'
  /** Generation of the envelope without a version header (§2). */
  envelope?: Envelope
}

/** An embedded inference.sh, as its wire contract describes it. */
export interface InferenceCloud {
  fetch(request: Request): Promise<Response>
  /** Ends every timer and stream; requests are refused. */
  stop(): void
  /** Streams that are open, by the id of what they stream. */
  openStreams(): string[]
  /** The network breaks every stream, or those of one task or flow run. */
  cutStreams(mode: Cut, id?: string): void
  /** The API is deployed anew: streams and waiting requests break; tasks go on. Refuses for so long. */
  restart(downMs?: number): void
  /** The key is no longer valid; its streams end. */
  revokeKey(key: string): void
  acceptKey(key: string): void
  /** The key may do no more than this: `apps:read`, `apps:execute`, `files:write`, … */
  limitKey(key: string, scopes: readonly string[]): void
  /** The next request fails; files only when a path says so. */
  failNext(status: number, options?: Omit<Failure, 'status'>): void
  /** Streams stay open and say nothing, not even heartbeats; what happens meanwhile is never said. */
  silence(on?: boolean): void
  /** The worker of a running task dies: the task is queued again (§7, rule 6). */
  loseWorker(taskId: string): void
  /** The secrets and integrations that the app named needs are there. */
  satisfy(app: string): void
  /** Writes bytes into the streams of a task as they are. */
  inject(taskId: string, text: string): void
}

/** Starts an inference.sh inside this program; see `InferenceCloudOptions`. */
export function createInferenceCloud(options: InferenceCloudOptions = {}): InferenceCloud {
  const { seed = 1, clock = realClock, preset = 'demo', workers = 4, speed = 1 } = options
  const { runsPerMinute = Infinity, afterEnd = 5_000, envelope = 3, publicUrl } = options
  const cloud = new Cloud({
    seed,
    clock,
    workers,
    speed,
    runsPerMinute,
    lingerMs: afterEnd === 'stay' ? undefined : afterEnd,
  })
  const server = new Server(cloud, { envelope, publicUrl: publicUrl?.replace(/\/+$/, '') })
  if (preset === 'demo') startDemo(cloud)
  let isDown = false

  return {
    fetch: (request) => (isDown ? Promise.reject(connectionRefused()) : server.fetch(request)),
    stop: () => {
      isDown = true
      server.abandon()
      cloud.die()
    },
    openStreams: () => [...cloud.channels.values()],
    cutStreams: (mode, id) => cloud.cutChannels(mode, (_channel, about) => id === undefined || about === id),
    restart: (downMs = 0) => {
      server.abandon()
      cloud.cutChannels('reset')
      if (downMs <= 0) return
      isDown = true
      cloud.timers.after(downMs, () => {
        isDown = false
      })
    },
    revokeKey: (key) => {
      cloud.gate.revoke(key)
      cloud.cutChannels('end', (channel) => channel.key === key)
    },
    acceptKey: (key) => cloud.gate.accept(key),
    limitKey: (key, scopes) => cloud.gate.limit(key, scopes),
    failNext: (status, failure = {}) => cloud.gate.failNext({ status, ...failure }),
    silence: (on = true) => {
      cloud.isSilent = on
    },
    loseWorker: (taskId) => cloud.pool.loseWorker(cloud.task(taskId)),
    satisfy: (app) => {
      cloud.satisfied.add(app.replace(/^weirdemo\//, ''))
    },
    inject: (taskId, text) => {
      for (const [channel, about] of cloud.channels) if (about === taskId) channel.inject(text)
    },
  }
}
