import { realClock, type Clock } from '#lib/clock.ts'
import { connectionRefused } from '../labdaemon/server.ts'
import { StreamBody } from '../shared/stream-body.ts'
import { Timers } from '../shared/timers.ts'

const STEP_MS = 500
/** Of the demo: how many run at a time, and how many are listed. */
const DEMO = { running: 3, listed: 24, steps: [60, 20, 140, 45, 90] }
const NAMES = ['render', 'train', 'export', 'index', 'simulate']

export interface JobsOptions {
  clock?: Clock
  /** `demo`: a queue at work; `empty`: what is added alone. */
  preset?: 'demo' | 'empty'
}

/** A server with a list of jobs, as many have one: a line each step, progress as a fraction, words of its own. */
export interface JobsEmulator {
  fetch(request: Request): Promise<Response>
  /** Adds a job that waits. @param failsAt the step at which it fails */
  add(name: string, steps: number, failsAt?: number): string
  /** The job begins; a step takes half a second. */
  run(id: string): void
  /** The list has it no more. */
  forget(id: string): void
  /** Streams break, requests are refused. */
  kill(): void
  /** It answers again, with the same jobs, which went on meanwhile. */
  revive(): void
  stop(): void
}

interface Job {
  id: string
  name: string
  state: 'PENDING' | 'RUNNING' | 'DONE' | 'ERR' | 'KILLED'
  step: number
  steps: number
  failsAt: number
  startedAt: number | null
  endedAt: number | null
  lines: string[]
  streams: Set<StreamBody>
}

/** Starts a server of jobs inside this program. */
export function createJobs({ clock = realClock, preset = 'demo' }: JobsOptions = {}): JobsEmulator {
  const timers = new Timers(clock)
  const jobs = new Map<string, Job>()
  let count = 0
  let isUp = true

  const add = (name: string, steps: number, failsAt = Infinity): string => {
    const id = `${name}-${++count}`
    const state = 'PENDING'
    jobs.set(id, {
      id,
      name,
      state,
      step: 0,
      steps,
      failsAt,
      startedAt: null,
      endedAt: null,
      lines: [],
      streams: new Set(),
    })
    return id
  }
  const say = (job: Job, line: string) => {
    job.lines.push(line)
    const data = JSON.stringify({ line, progress: job.step / job.steps })
    for (const stream of job.streams) stream.write(`id: ${job.lines.length}\ndata: ${data}\n\n`)
  }
  const end = (job: Job, state: Job['state']) => {
    if (job.endedAt !== null) return
    Object.assign(job, { state, endedAt: clock.now() })
    for (const stream of job.streams) stream.end()
    if (preset === 'demo') refill()
  }
  const step = (job: Job) => {
    if (job.state !== 'RUNNING') return
    job.step += 1
    say(job, `${job.name}: step ${job.step} of ${job.steps}`)
    if (job.step >= job.failsAt) end(job, 'ERR')
    else if (job.step >= job.steps) end(job, 'DONE')
    else timers.after(STEP_MS, () => step(job))
  }
  const run = (id: string) => {
    const job = jobs.get(id)!
    Object.assign(job, { state: 'RUNNING', startedAt: clock.now() })
    timers.after(STEP_MS, () => step(job))
  }
  const refill = () => {
    const of = (state: Job['state']) => [...jobs.values()].filter((job) => job.state === state)
    while (of('PENDING').length < 3)
      add(
        NAMES[count % NAMES.length]!,
        DEMO.steps[count % DEMO.steps.length]!,
        count % 7 === 3 ? 15 : Infinity,
      )
    while (of('RUNNING').length < DEMO.running) run(of('PENDING')[0]!.id)
    for (const { id, endedAt } of jobs.values())
      if (jobs.size > DEMO.listed && endedAt !== null) jobs.delete(id)
  }
  if (preset === 'demo') refill()

  return {
    add,
    run,
    forget: (id) => void jobs.delete(id),
    kill() {
      isUp = false
      for (const job of jobs.values()) for (const stream of job.streams) stream.break(new Error('killed'))
    },
    revive: () => void (isUp = true),
    stop() {
      timers.die()
    },
    fetch(request) {
      if (!isUp) return Promise.reject(connectionRefused())
      const [, list, id, what] = new URL(request.url).pathname.split('/')
      const job = id === undefined ? undefined : jobs.get(decodeURIComponent(id))
      if (list !== 'jobs' || (id !== undefined && !job)) return Promise.resolve(problem(404, 'no such job'))
      if (!job) return Promise.resolve(Response.json({ items: [...jobs.values()].map(row) }))
      if (what === 'log') return Promise.resolve(new Response(job.lines.map((line) => `${line}\n`).join('')))
      if (what === 'events') return Promise.resolve(streamOf(job, request))
      if (what !== 'cancel' || request.method !== 'POST')
        return Promise.resolve(problem(404, 'no such place'))
      if (job.endedAt !== null) return Promise.resolve(problem(409, 'it has ended'))
      end(job, 'KILLED')
      return Promise.resolve(Response.json({ state: job.state }))
    },
  }
}

/** Goes on behind the last line that the client has. */
function streamOf(job: Job, request: Request): Response {
  const stream = new StreamBody({ onRead: () => {}, onHangUp: () => job.streams.delete(stream) })
  const from = Number(request.headers.get('last-event-id') ?? 0)
  for (const [k, line] of job.lines.slice(from).entries())
    stream.write(`id: ${from + k + 1}\ndata: ${JSON.stringify({ line })}\n\n`)
  if (job.endedAt === null) job.streams.add(stream)
  else stream.end()
  return new Response(stream.readable, { headers: { 'content-type': 'text/event-stream' } })
}

function row(job: Job): Record<string, unknown> {
  const { id, name, state, step, steps, startedAt, endedAt, lines } = job
  return {
    id,
    name,
    state,
    progress: step / steps,
    message: lines.at(-1) ?? '',
    startedAt: startedAt === null ? null : new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    ...(state === 'DONE' ? { output: { steps, seconds: (steps * STEP_MS) / 1_000 } } : {}),
    ...(state === 'ERR' ? { error: { type: 'OutOfMemory', message: `no memory at step ${step}` } } : {}),
  }
}

function problem(status: number, error: string): Response {
  return Response.json({ error }, { status })
}
