import { withPlainNumbers } from '#lib/exact-json.ts'
import type { App } from './app.ts'
import { findApp } from './apps/index.ts'
import { badRequest, invalid, notFound } from './problem.ts'
import { checkInput } from './schema.ts'
import type { TaskRequest } from './task.ts'
import { isObject } from './wire.ts'
import type { JsonObject } from './wire.ts'

/** A checked body of `POST /apps/run`, but for its session (inference.sh wire contract §4). */
export interface RunRequest {
  readonly task: TaskRequest
  /** `new`, an id, or nothing. */
  readonly session: string | undefined
  readonly sessionTimeout: number
  readonly wait: boolean
  readonly stream: boolean
}

const INFRAS = ['cloud', 'private', 'private_first']

/** @param asked its `input` and `setup` may hold numbers as they were written */
export function readRunRequest(asked: JsonObject): RunRequest {
  const body = withPlainNumbers(asked)
  const { app, fn } = appOf(body)
  const input = body.input ?? {}
  if (!isObject(input)) throw badRequest('input is not an object')
  const schema = app.functions?.[fn]?.input ?? app.input
  checkInput(schema, input)
  const setup = body.setup ?? null
  if (setup !== null && !isObject(setup)) throw badRequest('setup is not an object')
  checkInput(app.setup, setup ?? {}, 'setup')
  const infra = body.infra ?? 'cloud'
  if (typeof infra !== 'string' || !INFRAS.includes(infra))
    throw badRequest(`infra is none of ${INFRAS.join(', ')}`)
  return {
    task: {
      app,
      fn,
      input: (asked.input ?? {}) as JsonObject,
      setup: (asked.setup ?? null) as JsonObject | null,
      infra,
      workers: Array.isArray(body.workers) ? body.workers.filter((each) => typeof each === 'string') : [],
      webhook: typeof body.webhook === 'string' ? body.webhook : null,
      runAt: runAtOf(body.run_at),
      sessionId: null,
      flowRunId: null,
    },
    session: typeof body.session === 'string' && body.session !== '' ? body.session : undefined,
    sessionTimeout: timeoutOf(body.session_timeout),
    wait: body.wait === true,
    stream: body.stream === true,
  }
}

function appOf(body: JsonObject): { app: App; fn: string } {
  const reference = body.app ?? body.app_id
  if (typeof reference !== 'string' || reference === '') throw badRequest('app is required')
  const found = findApp(reference)
  if (!found) throw notFound(`app not found: ${reference}`)
  const version = typeof body.version_id === 'string' ? body.version_id : found.version
  if (version !== '' && version !== 'latest' && !found.app.versionId.startsWith(version))
    throw notFound(`app version not found: ${reference}`)
  const fn = typeof body.function === 'string' && body.function !== '' ? body.function : found.fn || 'run'
  if (!Object.hasOwn(found.app.functions ?? { run: null }, fn)) throw badRequest(`function not found: ${fn}`)
  return { app: found.app, fn }
}

function runAtOf(value: unknown): number | null {
  if (value === undefined || value === null || value === '') return null
  const time = typeof value === 'string' ? Date.parse(value) : NaN
  if (Number.isNaN(time)) throw badRequest('run_at is no RFC 3339 time')
  return time
}

function timeoutOf(value: unknown): number {
  if (value === undefined || value === null) return 300
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw badRequest('session_timeout is no whole number')
  if (value > 3_600) throw invalid(`session_timeout: ${value} is greater than the maximum of 3600`)
  if (value < 1) throw invalid(`session_timeout: ${value} is less than the minimum of 1`)
  return value
}
