/** A stream request that the server has not begun to answer with events. */
export interface StreamRequest {
  readonly deviceId: string
  readonly at: number
  refused: boolean
  /** The client has been handed its first event, or the whole of a refusal. */
  answered: boolean
}

/** A refused stream must be left alone this long (LabDaemon wire contract §5.2). */
const RETRY_AFTER_MS = 25_000
/** A guest waits at most this long for the first event or ping of a stream it opened (§5.1). */
const PATIENCE_MS = 1_200
/** Two stream requests this close meet in the server even when neither has been answered (§5.1). */
const MEETING_MS = 15

/**
 * Watches how a client treats the server. In strict mode each breach is recorded, and answered loudly by
 * those who ask; otherwise only the deadly one counts (LabDaemon wire contract §5.1).
 */
export class Manners {
  readonly strict: boolean
  readonly violations: string[]
  readonly #now: () => number
  #requests: StreamRequest[] = []
  #pardoned = false
  readonly #refusals = new Map<string, number>()

  constructor(strict: boolean, violations: string[], now: () => number) {
    this.strict = strict
    this.violations = violations
    this.#now = now
  }

  /** Records a breach in strict mode and gives its text. */
  breach(section: string, text: string): string | undefined {
    if (!this.strict || this.#pardoned) return undefined
    const violation = `LabDaemon wire contract ${section}: ${text}`
    this.violations.push(violation)
    return violation
  }

  /** From now on nothing is a breach: the server is going down, and clients must let go (§5.14). */
  pardon(): void {
    this.#pardoned = true
  }

  /** What is wrong with asking for this stream now, in strict mode. */
  objection(deviceId: string, owner: string | number | undefined): string | undefined {
    const now = this.#now()
    const other = this.#requests.find((each) => !each.answered && now - each.at < PATIENCE_MS)
    if (other)
      return this.breach(
        '§5.1',
        `a stream request for '${deviceId}' arrived while the one for '${other.deviceId}' was ${other.refused ? 'being refused' : 'under way'}`,
      )
    const refusedAt = this.#refusals.get(deviceId)
    if (refusedAt !== undefined && now - refusedAt < RETRY_AFTER_MS)
      return this.breach(
        '§5.2',
        `the refused stream of '${deviceId}' was retried after ${now - refusedAt} ms`,
      )
    if (owner !== undefined && !deviceId.startsWith('stream-'))
      return this.breach('§5.5', `the stream of '${deviceId}' was opened while task '${owner}' owns it`)
    return undefined
  }

  /** Notes a stream request, to be told of its answer. */
  arrived(deviceId: string): StreamRequest {
    const request = { deviceId, at: this.#now(), refused: false, answered: false }
    this.#requests = this.#requests.filter((each) => !each.answered && request.at - each.at < PATIENCE_MS)
    this.#requests.push(request)
    return request
  }

  refused(request: StreamRequest): void {
    request.refused = true
    this.#refusals.set(request.deviceId, this.#now())
  }

  /** True while a refusal is being sent: whoever needs the lock it holds hangs the server (§5.1). */
  get isRefusing(): boolean {
    return this.#requests.some((each) => each.refused && this.#isMeeting(each))
  }

  /** True when this refusal and another request are under way together. */
  isDeadly(refusal: StreamRequest): boolean {
    return this.#requests.some((each) => each !== refusal && this.#isMeeting(each))
  }

  #isMeeting(request: StreamRequest): boolean {
    return !request.answered && this.#now() - request.at < MEETING_MS
  }
}
