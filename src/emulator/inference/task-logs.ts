import { timestamp } from './wire.ts'
import type { LogType, TaskLog } from './wire.ts'

const ENCODER = new TextEncoder()

/** One kind of log: everything said so far, as base64 of its UTF-8 (inference.sh wire contract §8). */
class Log {
  readonly id: string
  readonly type: LogType
  readonly createdAt: string
  updatedAt: string
  /** Base64 of all whole groups of three bytes. */
  #encoded = ''
  #rest: Uint8Array = new Uint8Array(0)

  constructor(id: string, type: LogType, now: number) {
    this.id = id
    this.type = type
    this.createdAt = timestamp(now)
    this.updatedAt = this.createdAt
  }

  append(text: string, now: number): void {
    const added = ENCODER.encode(text)
    const bytes = new Uint8Array(this.#rest.length + added.length)
    bytes.set(this.#rest)
    bytes.set(added, this.#rest.length)
    const whole = bytes.length - (bytes.length % 3)
    this.#encoded += toBase64(bytes.subarray(0, whole))
    this.#rest = bytes.slice(whole)
    this.updatedAt = timestamp(now)
  }

  get content(): string {
    return this.#encoded + toBase64(this.#rest)
  }

  get length(): number {
    return this.#encoded.length
  }
}

/** The logs of one task, in order of their first line. */
export class TaskLogs {
  readonly #taskId: string
  readonly #createId: () => string
  readonly #logs = new Map<LogType, Log>()

  constructor(taskId: string, createId: () => string) {
    this.#taskId = taskId
    this.#createId = createId
  }

  append(type: LogType, text: string, now: number): void {
    let log = this.#logs.get(type)
    if (!log) {
      log = new Log(this.#createId(), type, now)
      this.#logs.set(type, log)
    }
    log.append(text, now)
  }

  /** About how long all of it is on the wire. */
  get length(): number {
    return [...this.#logs.values()].reduce((sum, log) => sum + log.length, 0)
  }

  toJson(): TaskLog[] {
    return [...this.#logs.values()].map((log) => ({
      id: log.id,
      created_at: log.createdAt,
      updated_at: log.updatedAt,
      task_id: this.#taskId,
      log_type: log.type,
      content: log.content,
    }))
  }
}

function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(binary)
}
