import type { App } from './app.ts'
import { OWNER } from './app.ts'
import { shortId } from './ids.ts'
import { Problem } from './problem.ts'
import { timestamp } from './wire.ts'
import type { JsonObject } from './wire.ts'

/** A worker that is kept, with what the app has in memory (inference.sh wire contract §13). */
export class Session {
  readonly id: string
  readonly app: App
  readonly #createdAt: number
  readonly #idleMs: number
  #updatedAt: number
  #lastCallAt: number
  #expiresAt: number
  #endedAt: number | null = null
  #workerId: string | null = null
  #taskId: string | null = null
  #running = 0
  #calls = 0

  constructor(id: string, app: App, idleSeconds: number, now: number) {
    this.id = id
    this.app = app
    this.#createdAt = now
    this.#updatedAt = now
    this.#lastCallAt = now
    this.#idleMs = idleSeconds * 1_000
    this.#expiresAt = now + this.#idleMs
  }

  get workerId(): string | null {
    return this.#workerId
  }

  status(now: number): 'active' | 'ended' | 'expired' {
    if (this.#endedAt !== null) return 'ended'
    return this.#running === 0 && now >= this.#expiresAt ? 'expired' : 'active'
  }

  /** 410 once it is over (§2). */
  assertAlive(now: number): void {
    const status = this.status(now)
    if (status === 'expired') throw new Problem(410, 'session_expired', 'session expired')
    if (status === 'ended') throw new Problem(410, 'session_ended', 'session ended')
  }

  /** A run was asked for: it holds the session open until it has ended. */
  reserve(taskId: string, now: number): void {
    this.#running++
    this.#taskId = taskId
    this.#touch(now)
  }

  /** A run starts; answers how many were before. */
  begin(workerId: string, now: number): number {
    this.#workerId = workerId
    this.#touch(now)
    return this.#calls++
  }

  finish(now: number): void {
    this.#running = Math.max(0, this.#running - 1)
    if (this.#running === 0) this.#taskId = null
    this.#touch(now)
  }

  keepAlive(now: number): void {
    this.#touch(now)
  }

  end(now: number): void {
    this.#endedAt ??= now
    this.#updatedAt = now
  }

  toJson(now: number): JsonObject {
    return {
      id: this.id,
      short_id: shortId(this.id),
      created_at: timestamp(this.#createdAt),
      updated_at: timestamp(this.#updatedAt),
      deleted_at: null,
      ...OWNER,
      visibility: 'team',
      worker_id: this.#workerId,
      app_id: this.app.id,
      app_version_id: this.app.versionId,
      status: this.status(now),
      expires_at: timestamp(this.#expiresAt),
      ended_at: this.#endedAt === null ? null : timestamp(this.#endedAt),
      task_id: this.#taskId,
      call_count: this.#calls,
      last_call_at: timestamp(this.#lastCallAt),
      idle_timeout: this.#idleMs / 1_000,
    }
  }

  #touch(now: number): void {
    this.#updatedAt = now
    this.#lastCallAt = now
    this.#expiresAt = now + this.#idleMs
  }
}
