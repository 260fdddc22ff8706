import { backOffMs } from '#lib/backoff.ts'
import { inBackground, isolate } from '#lib/isolate.ts'
import { LabDaemonError } from '#protocols/labdaemon/errors.ts'
import { Condition } from './condition.ts'
import type { LabDaemonDevices } from './devices/devices.ts'
import type { Lab } from './lab.ts'
import type { TaskList } from './tasks/task-list.ts'

/** LabDaemon wire contract §5.6, §7. */
const TASKS_MS = { busy: 1_000, idle: 2_000 }
const DEVICES_MS = { watched: 4_000, unwatched: 30_000 }
/** A request that waits longer is news: something holds the server up. */
const SLOW_MS = 3_000
const HUNG_MS = 15_000
const PROBE_MS = 5_000
const BACKOFF_MS = { first: 1_000, most: 10_000 }

/** Reads a server's lists, one request at a time, and hands them on with how the server answered. */
export class Poller {
  readonly #lab: Lab
  readonly #tasks: TaskList
  readonly #devices: LabDaemonDevices
  readonly #condition: Condition
  /** The server has said on this connection that it is a LabDaemon. */
  #isRecognised = false
  #failures = 0
  /** How long the server asked to wait, ms. */
  #retryAfter: number | null = null
  /** When the devices were last read, ms of the monotonic clock. */
  #devicesAt = -Infinity
  #stopped = false

  constructor(lab: Lab, tasks: TaskList, devices: LabDaemonDevices) {
    this.#lab = lab
    this.#tasks = tasks
    this.#devices = devices
    this.#condition = new Condition(lab)
  }

  start(): void {
    inBackground(this.#loop())
  }

  stop(): void {
    this.#stopped = true
    this.#lab.polls.now()
  }

  async #loop(): Promise<void> {
    const { polls } = this.#lab
    while (!this.#stopped) {
      polls.begin()
      const ok = await this.#poll()
      if (this.#stopped) return
      await polls.wait(ok ? TASKS_MS[this.#tasks.isBusy ? 'busy' : 'idle'] : this.#backOffMs)
    }
  }

  get #backOffMs(): number {
    const backOff = backOffMs(BACKOFF_MS, Math.max(0, this.#failures - 1))
    return this.#retryAfter ?? backOff
  }

  /** @returns false when the lists could not be read */
  async #poll(): Promise<boolean> {
    const { client, context, polls } = this.#lab
    const { clock } = context
    const askedAt = clock.now()
    const begun = clock.monotonic()
    const watch = this.#watchSlowness(askedAt)
    try {
      if (!this.#isRecognised) {
        await Promise.race([client.root(), watch.gone])
        this.#isRecognised = true
      }
      const tasks = await Promise.race([client.tasks(), watch.gone])
      if (this.#stopped) return true
      this.#failures = 0
      this.#retryAfter = null
      this.#condition.answered(Math.round(clock.monotonic() - begun))
      this.#tasks.listed(tasks, askedAt)
      if (this.#areDevicesDue() || polls.areDevicesWanted) {
        polls.devicesBegin()
        const devicesAskedAt = clock.now()
        this.#devices.listed(await client.devices(), devicesAskedAt)
        this.#devicesAt = clock.monotonic()
      }
      return true
    } catch (error) {
      if (this.#stopped) return false
      this.#failures += 1
      isolate(this.#condition, () => {
        this.#fail(error)
      })
      return false
    } finally {
      watch.cancel()
    }
  }

  #areDevicesDue(): boolean {
    const age = this.#lab.context.clock.monotonic() - this.#devicesAt
    return age >= DEVICES_MS[this.#devices.areWanted ? 'watched' : 'unwatched']
  }

  #fail(error: unknown): void {
    if (!(error instanceof LabDaemonError)) {
      this.#condition.failedSelf(error)
      return
    }
    this.#retryAfter = error.retryAfterMs && Math.max(BACKOFF_MS.first, error.retryAfterMs)
    if (error.kind === 'unreachable') {
      // What comes back may be another server.
      this.#isRecognised = false
      this.#lab.polls.devicesNext()
    }
    this.#condition.failed(error)
  }

  /**
   * Silence is not the end: a slow device call stops the whole server (LabDaemon wire contract §5.12). Probes
   * tell a server that is gone, whose request would never be answered: then `gone` rejects.
   */
  #watchSlowness(askedAt: number): { gone: Promise<never>; cancel(): void } {
    const { client, context } = this.#lab
    const { clock } = context
    let timer: unknown
    let cancelled = false
    const gone = new Promise<never>((_, reject) => {
      const look = (guess: string, next: number) => () => {
        if (this.#stopped || cancelled) return
        this.#condition.silent(askedAt, guess)
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
}
