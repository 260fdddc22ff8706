import { inBackground, isolate } from '#lib/isolate.ts'
import { isTerminal } from '#model/status.ts'
import { hasEnded, type Task } from '#model/task.ts'
import type { RawItem } from '#protocols/weir/api.ts'
import type { Lab } from '../lab.ts'
import { NUMBERS } from '#topics/numbers.ts'
import { TaskRecords, type Outcome } from './task-records.ts'
import { TaskTypes } from './task-types.ts'
import { TaskUpstream, type TaskFollower } from './task-upstream.ts'
import { UnsureStarts } from './unsure-starts.ts'

/** A task seen so lately was just started. */
const NEW_MS = 5_000
/** Ended tasks whose raw messages are kept, and how many of each. */
const ENDED_RAW = { tasks: 200, items: 100 }

/** The tasks of one server: what is known of each, and the streams by which those that run are followed. */
export class LabTasks implements TaskFollower {
  readonly records: TaskRecords
  readonly unsureStarts: UnsureStarts
  readonly types = new TaskTypes()
  readonly #lab: Lab
  readonly #upstreams = new Map<string, TaskUpstream>()
  readonly #endedRaw = new Map<string, readonly RawItem[]>()
  /** When the list was asked for that last had each task running, ms since epoch. */
  readonly #ranAt = new Map<string, number>()
  /** When the newest list was asked for, ms since epoch; null before the first was read. */
  #listAskedAt: number | null = null
  #stopped = false

  constructor(lab: Lab) {
    this.#lab = lab
    this.records = new TaskRecords(lab)
    this.unsureStarts = new UnsureStarts(lab, this.records)
  }

  /** Goes on from what was known when Weir ended: the server may have been another one since. */
  begin(): void {
    if (this.records.onServer().length > 0) this.#lab.server.awayAt = this.#lab.context.clock.now()
    this.unsureStarts.begin()
  }

  /** How many are followed by their streams now. */
  get followed(): number {
    return this.#upstreams.size
  }

  isFollowed(id: string): boolean {
    return this.#upstreams.has(id)
  }

  /** When the task was last known to run, from its list, ms since epoch. */
  ranAt(id: string): number | null {
    return this.#ranAt.get(id) ?? null
  }

  /** A list has the task among those that run. @param askedAt when it was asked for */
  listedRunning(id: string, askedAt: number): void {
    this.#ranAt.set(id, askedAt)
  }

  /** A list was read to its end. @param askedAt when it was asked for */
  listed(askedAt: number): void {
    this.#listAskedAt = askedAt
  }

  /** The newest messages of the task's stream as they came. */
  raw(id: string): readonly RawItem[] {
    return this.#upstreams.get(id)?.raw ?? this.#endedRaw.get(id) ?? []
  }

  /** The server says that the task runs: an end that was only inferred is taken back, and it is followed. */
  runs(id: string): void {
    const task = this.records.get(id)
    if (task && hasEnded(task)) return
    if (task && isTerminal(task.status))
      this.records.add(id, [
        {
          k: 'status',
          at: this.#lab.context.clock.now(),
          status: task.cancelAskedAt === null ? 'running' : 'cancelling',
          origin: 'poll',
          note: 'the server says that it runs',
        },
      ])
    this.#follow(id)
  }

  /** The task has ended: what its end does not tell is still to be asked for. */
  async lookAtEnd(id: string): Promise<void> {
    await this.#upstreams.get(id)?.look()
  }

  /** Enters how the task ended, and leaves its stream. */
  end(id: string, outcome: Outcome): void {
    const upstream = this.#upstreams.get(id)
    const hole = upstream?.gapAtEnd(outcome.at, outcome.status === 'completed')
    if (hole) this.records.add(id, [{ k: 'gap', ...hole }])
    this.#ranAt.delete(id)
    const task = this.records.end(id, outcome)
    if (!upstream) return
    this.#upstreams.delete(id)
    this.#keepRaw(id, upstream.raw)
    // A server that was never away may still hold the stream: it is left in good order.
    if (outcome.status === 'lost' && !this.isSameRun(task)) upstream.drop('lost with its server')
    else inBackground(upstream.finish('the task ended'))
  }

  /** A server uses an id once: one that was never away means the run of which an end was only inferred. */
  isSameRun(task: Task): boolean {
    return !hasEnded(task) && this.#lab.server.awayAt < (task.endedAt ?? task.statusAt)
  }

  /**
   * The server was away, and has a running task of an id that ran before: another run, unless its stream was not
   * lost, or its steps tell that it goes on (LabDaemon wire contract §5.19).
   * @param since when the server was lost, ms of the monotonic clock
   * @param isAnother it is known to be another server
   */
  doubt(task: Task, since: number, isAnother: boolean): void {
    const upstream = this.#upstreams.get(task.id)
    const beganAt = task.startedAt ?? task.firstSeenAt
    if (upstream?.survived(since) || beganAt >= (this.#listAskedAt ?? -Infinity)) return
    if (!isAnother && upstream?.hasSteps) upstream.doubt()
    else this.anotherRun(task.id, 'the run before', since)
  }

  /** Another run began under the same id: the one before was lost with its server. */
  anotherRun(id: string, before: string, since: number): void {
    const { context, server } = this.#lab
    const at = context.clock.now()
    const task = this.records.get(id)
    if (!task) return
    server.restarted(since)
    this.records.end(id, {
      k: 'outcome',
      at,
      status: 'lost',
      origin: 'inferred',
      note: 'its server restarted before an outcome was seen',
      endedAt: task.eventAt ?? task.statusAt,
      endedOrigin: 'inferred',
      result: null,
      error: null,
    })
    const text = `the server restarted and runs this id again: ${before} was lost with it`
    const hole = { at, cause: 'restarted', text, missed: null } as const
    this.records.add(id, [
      { k: 'started', at, origin: 'poll', type: task.type },
      { k: 'gap', ...hole },
    ])
    context.samples.gap(NUMBERS, context.name, id, hole)
    this.#upstreams.get(id)?.beginAnew()
  }

  /** Tries again now what waits for its time; of one task, or of all. */
  retry(id?: string): void {
    for (const [each, upstream] of this.#upstreams) if (id === undefined || id === each) upstream.retry()
  }

  /**
   * Looks for signs of life on the streams.
   * @returns the tasks that are followed
   */
  everySecond(slept: boolean): Task[] {
    const tasks: Task[] = []
    for (const [id, upstream] of this.#upstreams)
      isolate(upstream, () => {
        const task = this.records.get(id)
        if (!task) return
        tasks.push(task)
        // What the streams sent while the machine slept is still to be read.
        if (!slept) inBackground(upstream.watch(task.pauseAskedAt === null))
      })
    return tasks
  }

  /** Leaves all streams the server's way. */
  async finish(reason: string): Promise<void> {
    this.#stopped = true
    await Promise.all(Array.from(this.#upstreams.values(), (upstream) => upstream.finish(reason)))
  }

  /** Hangs up on all streams. */
  drop(reason: string): void {
    this.#stopped = true
    for (const upstream of this.#upstreams.values()) upstream.drop(reason)
  }

  #follow(id: string): void {
    if (this.#stopped || this.#upstreams.has(id)) return
    const why = this.#lab.client.whyNoStream(id)
    if (why !== null) {
      this.#leaveUnfollowed(id, why)
      return
    }
    const upstream = new TaskUpstream(this.#lab, this, id, this.#isNew(id))
    this.#upstreams.set(id, upstream)
    upstream.start()
  }

  /** The task is shown, but cannot be followed: its id is one that LabDaemon cannot be asked for. */
  #leaveUnfollowed(id: string, why: string): void {
    const reason = `it cannot be followed, since LabDaemon cannot be asked for its id: ${why}`
    if (this.records.get(id)?.stream.reason === reason) return
    const at = this.#lab.context.clock.now()
    this.records.add(id, [
      { k: 'stream', at, state: { name: 'none', reason, since: at, retryAt: null } },
      { k: 'lines', at, kind: 'note', texts: [`Its stream and its outcome are not known: ${reason}.`] },
    ])
  }

  /** True for what was started just now, by whomever: before the first list nobody knows that of others. */
  #isNew(id: string): boolean {
    const task = this.records.get(id)
    const isKnownNew = this.#listAskedAt !== null || task?.startedOrigin === 'command'
    return isKnownNew && this.#lab.context.clock.now() - (task?.firstSeenAt ?? 0) < NEW_MS
  }

  #keepRaw(id: string, raw: readonly RawItem[]): void {
    this.#endedRaw.delete(id)
    this.#endedRaw.set(id, raw.slice(-ENDED_RAW.items))
    for (const oldest of this.#endedRaw.keys()) {
      if (this.#endedRaw.size <= ENDED_RAW.tasks) break
      this.#endedRaw.delete(oldest)
    }
  }
}
