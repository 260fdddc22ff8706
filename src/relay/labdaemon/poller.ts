import type { Clock } from '#lib/clock.ts'
import { bounded } from '#lib/detached.ts'
import { inBackground, isolate } from '#lib/isolate.ts'
import type { Source } from '#model/source.ts'
import type { LabDaemonClient, Listed } from '#protocols/labdaemon/client.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import type { DeviceBody, TaskRow } from '#protocols/labdaemon/schemas.ts'

/** LabDaemon wire contract §5.6, §7. */
const TASKS_MS = { busy: 1_000, idle: 2_000 }
const DEVICES_MS = { watched: 4_000, unwatched: 30_000 }
/** A request that waits longer is news: something holds the server up. */
const SLOW_MS = 3_000
const HUNG_MS = 15_000
const PROBE_MS = 5_000
const BACKOFF_MS = { first: 1_000, most: 10_000 }

export interface PollerOptions {
  client: LabDaemonClient
  clock: Clock
  /** Tasks run: their list is read more often. */
  isBusy(): boolean
  wantsDevices(): boolean
  onTasks(listed: Listed<TaskRow>, askedAt: number): void
  onDevices(listed: Listed<DeviceBody>, askedAt: number): void
  /** What Weir asked that may be holding the server up, in words; null when nothing is. */
  running(): string | null
  /** What to do to be let in, as half a sentence and its full stop. */
  login(): string
  /** @param failure type of the error that brought the state (`ECONNREFUSED`) */
  onState(patch: Partial<Source>, failure?: string): void
}

/** Reads a server's lists, one request at a time, and tells how it answers. */
export class Poller {
  readonly #options: PollerOptions
  #ok = false
  #known = false
  #failures = 0
  /** How long the server asked to wait, ms. */
  #retryAfter: number | null = null
  #devicesAt = -Infinity
  #devicesAgain = false
  #stopped = false
  #wake: (() => void) | null = null
  #again = false

  constructor(options: PollerOptions) {
    this.#options = options
  }

  /** True while the server answers. */
  get isOk(): boolean {
    return this.#ok
  }

  start(): void {
    inBackground(this.#loop())
  }

  stop(): void {
    this.#stopped = true
    this.#wake?.()
  }

  /** Reads the lists as soon as the request under way is over. */
  pollNow(): void {
    this.#again = true
    this.#wake?.()
  }

  /** Reads the devices' list as well. */
  pollDevicesNow(): void {
    this.#devicesAgain = true
    this.pollNow()
  }

  async #loop(): Promise<void> {
    const { clock, isBusy } = this.#options
    while (!this.#stopped) {
      this.#again = false
      const ok = await this.#poll()
      if (this.#stopped) return
      const pause = ok
        ? TASKS_MS[isBusy() ? 'busy' : 'idle']
        : (this.#retryAfter ??
          Math.min(BACKOFF_MS.most, BACKOFF_MS.first * 2 ** Math.max(0, this.#failures - 1)))
      if (this.#again) continue
      await new Promise<void>((resolve) => {
        const timer = clock.setTimeout(resolve, pause)
        this.#wake = () => {
          clock.clearTimeout(timer)
          resolve()
        }
      })
      this.#wake = null
    }
  }

  async #poll(): Promise<boolean> {
    const { client, clock, wantsDevices, onTasks, onDevices, onState } = this.#options
    const askedAt = clock.now()
    const begun = clock.monotonic()
    const watch = this.#watchSlowness(askedAt)
    try {
      if (!this.#known) {
        await Promise.race([client.root(), watch.gone])
        this.#known = true
      }
      const tasks = await Promise.race([client.tasks(), watch.gone])
      if (this.#stopped) return true
      this.#failures = 0
      this.#retryAfter = null
      this.#ok = true
      onState({ state: 'ok', detail: 'Connected', latencyMs: Math.round(clock.monotonic() - begun) })
      onTasks(tasks, askedAt)
      const devicesAge = clock.monotonic() - this.#devicesAt
      if (this.#devicesAgain || devicesAge >= DEVICES_MS[wantsDevices() ? 'watched' : 'unwatched']) {
        this.#devicesAgain = false
        const devicesAskedAt = clock.now()
        onDevices(await client.devices(), devicesAskedAt)
        this.#devicesAt = clock.monotonic()
      }
      return true
    } catch (error) {
      if (this.#stopped) return false
      this.#failures += 1
      isolate(this.#options.onState, () => {
        if (error instanceof LabDaemonError) this.#fail(error)
        else this.#failSelf(error)
      })
      return false
    } finally {
      watch.cancel()
    }
  }

  /**
   * Silence is not the end: a slow device call stops the whole server (LabDaemon wire contract §5.12). Probes
   * tell a server that is gone, whose request would never be answered: then `gone` rejects.
   */
  #watchSlowness(askedAt: number): { gone: Promise<never>; cancel(): void } {
    const { client, clock, onState, running } = this.#options
    const since = clockTime(askedAt)
    let timer: unknown
    let cancelled = false
    const gone = new Promise<never>((_, reject) => {
      const look = (guess: string, next: number) => () => {
        if (this.#stopped || cancelled) return
        this.#ok = false
        const known = running()
        onState({
          state: 'not_answering',
          detail: `Not answering since ${since}${known ? `: ${known}. Tasks go on unseen.` : guess}`,
        })
        client.health(PROBE_MS).catch((error: unknown) => {
          if (error instanceof LabDaemonError && error.kind === 'unreachable') reject(error)
        })
        timer = clock.setTimeout(
          look(', though it accepts connections: the server may need a restart.', HUNG_MS),
          next,
        )
      }
      timer = clock.setTimeout(
        look(': a slow device call may be holding the server up. Tasks go on unseen.', HUNG_MS - SLOW_MS),
        SLOW_MS,
      )
    })
    gone.catch(() => undefined)
    return {
      gone,
      cancel: () => {
        cancelled = true
        clock.clearTimeout(timer)
      },
    }
  }

  /** A fault of Weir's own must not end the watch, nor look as if all were well. */
  #failSelf(error: unknown): void {
    console.error(error)
    const text = `Weir itself failed at what the server answered: ${bounded(String(error), 500)}`
    this.#options.onState({ detail: text, lastError: { at: this.#options.clock.now(), text } })
  }

  #fail(error: LabDaemonError): void {
    this.#ok = false
    this.#retryAfter = error.retryAfterMs && Math.max(BACKOFF_MS.first, error.retryAfterMs)
    const lastError = { at: this.#options.clock.now(), text: error.message }
    const { onState, running } = this.#options
    const known = running()
    switch (error.kind) {
      case 'unreachable':
        // What comes back may be another server.
        this.#known = false
        this.#devicesAgain = true
        onState(
          {
            state: 'unreachable',
            detail: `Cannot be reached: ${error.message}. Weir keeps trying.`,
            lastError,
          },
          error.type,
        )
        break
      case 'timeout':
        onState({
          state: 'not_answering',
          detail: known
            ? `Not answering: ${known}. Tasks go on unseen.`
            : 'Not answering, though it accepts connections: the server may need a restart.',
          lastError,
        })
        break
      case 'foreign':
      case 'framework':
      case 'unaddressable':
        onState({
          state: 'wrong',
          detail: `This is no LabDaemon server (${error.message}). Check the URL it was started with.`,
          lastError,
        })
        break
      case 'redirect':
        onState({
          state: 'wrong',
          detail: `What answers is no LabDaemon: ${error.message}. If that is the server, start Weir with that address; if it is a login, ${this.#options.login()}`,
          lastError,
        })
        break
      case 'login':
      case 'rate':
        onState({
          state: 'refused',
          detail:
            error.kind === 'rate'
              ? `${error.message}. Weir asks again by itself.`
              : `${error.message}. To be let in, ${this.#options.login()}`,
          lastError,
        })
        break
      case 'gateway':
      case 'crashed':
      case 'refused':
        onState({ state: 'not_answering', detail: `The server fails to answer: ${error.message}`, lastError })
        break
      default:
        error.kind satisfies never
    }
  }
}

/** UTC wall clock, as sources and logs say it. */
function clockTime(at: number): string {
  return `${new Date(at).toISOString().slice(11, 19)} UTC`
}
