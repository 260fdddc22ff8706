import type { Clock } from '#lib/clock.ts'
import { createRandom } from '#lib/random.ts'
import { Timers } from '../shared/timers.ts'
import { Daemon } from './daemon.ts'
import type { DeviceClass } from './device.ts'
import { deviceRoutes } from './device-routes.ts'
import { Router, crash, preflight, readBody, withCors } from './http.ts'
import { Loop } from './loop.ts'
import { Manners } from './manners.ts'
import { documentationRoutes } from './openapi.ts'
import { serverRoutes, streamRoute } from './server-routes.ts'
import { Streams } from './streams.ts'
import type { TaskClass } from './task.ts'
import { taskRoutes } from './task-routes.ts'

export interface ServerOptions {
  readonly clock: Clock
  readonly seed: number
  readonly speed: number
  readonly strict: boolean
  readonly lateCleanup: boolean
  readonly violations: string[]
  readonly deviceClasses: ReadonlyMap<string, DeviceClass>
  readonly taskClasses: ReadonlyMap<string, TaskClass>
}

/** One life of a server process, from its start to its death. */
export class Server {
  readonly daemon: Daemon
  readonly loop: Loop
  readonly streams: Streams
  readonly #timers: Timers
  readonly #manners: Manners
  readonly #router: Router
  readonly #pending = new Set<(reason: Error) => void>()
  #listening = true
  #alive = true

  constructor(options: ServerOptions) {
    const random = createRandom(options.seed)
    const timers = new Timers(options.clock)
    this.#timers = timers
    this.loop = new Loop(timers)
    this.#manners = new Manners(options.strict, options.violations, () => timers.now())
    this.daemon = new Daemon({
      timers,
      loop: this.loop,
      random: random.fork(),
      speed: options.speed,
      deviceClasses: options.deviceClasses,
      taskClasses: options.taskClasses,
    })
    this.streams = new Streams({
      timers,
      loop: this.loop,
      random: random.fork(),
      manners: this.#manners,
      lateCleanup: options.lateCleanup,
      onEmpty: () => {
        if (!this.#listening) this.die()
      },
    })
    const operations = [
      ...serverRoutes(() => timers.now()),
      ...deviceRoutes(this.daemon, this.streams),
      ...taskRoutes(this.daemon),
      streamRoute(this.daemon, this.streams),
    ]
    this.#router = new Router([...documentationRoutes(operations), ...operations])
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Answers when the event loop gets to it, which may be never (LabDaemon wire contract §5.1, §5.12). */
  fetch(request: Request): Promise<Response> {
    if (!this.#listening) return Promise.reject(connectionRefused())
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.#pending.delete(abandon)
        request.signal.removeEventListener('abort', onAbort)
      }
      const abandon = (reason: Error) => {
        settle()
        reject(reason)
      }
      const onAbort = () => abandon(abortReason(request))
      this.#pending.add(abandon)
      if (request.signal.aborted) return onAbort()
      request.signal.addEventListener('abort', onAbort)
      this.#answer(request).then((response) => {
        settle()
        resolve(response)
      }, abandon)
    })
  }

  /** Stack B's SIGTERM: streams go on, nothing new gets in, the last stream's end is the process's (§5.14). */
  shutDown(): void {
    this.#listening = false
    this.#manners.pardon()
    if (this.streams.list().length === 0) this.die()
  }

  /** SIGKILL: connections break, nothing is cleaned up (§5.14). */
  die(): void {
    this.#listening = false
    this.#alive = false
    this.#timers.die()
    this.streams.kill()
    for (const abandon of this.#pending) abandon(connectionReset())
  }

  async #answer(request: Request): Promise<Response> {
    const text = request.method === 'GET' || request.method === 'HEAD' ? '' : await request.text()
    await this.loop.turn()
    if (request.signal.aborted) throw abortReason(request)
    const response = this.#respond(request, text)
    this.loop.run(() => this.streams.wake())
    await this.loop.turn()
    return response
  }

  #respond(request: Request, text: string): Response {
    const early = preflight(request)
    if (early) return early
    const found = this.#router.find(request)
    if (found instanceof Response) return withCors(request, found)
    const { route, id } = found
    const body = route.takesBody === true ? readBody(text, request.headers.get('content-type')) : {}
    if (body instanceof Response) return withCors(request, body)
    try {
      return withCors(request, route.handle({ request, id, body }))
    } catch {
      return crash()
    }
  }
}

/** What fetch says when nothing listens. */
export function connectionRefused(): TypeError {
  return networkError('ECONNREFUSED', 'connect ECONNREFUSED')
}

function connectionReset(): TypeError {
  return networkError('ECONNRESET', 'read ECONNRESET')
}

function networkError(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

function abortReason(request: Request): Error {
  const reason: unknown = request.signal.reason
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', 'AbortError')
}
