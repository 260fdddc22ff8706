import type { Cloud } from './cloud.ts'
import { Answer, jsonResponse, noContent } from './http.ts'
import type { Call, Result, Route } from './http.ts'
import { listPage } from './lists.ts'
import { Problem } from './problem.ts'
import { readRunRequest } from './run-request.ts'
import { framingOf, streamResponse } from './stream-response.ts'
import type { Task } from './task.ts'
import { telemetryOf, timingsOf } from './timings.ts'
import { STATUS, isObject, timestamp } from './wire.ts'
import type { Json } from './wire.ts'

const READ = 'apps:read'
const EXECUTE = 'apps:execute'

/** Runs and tasks (inference.sh wire contract §4 to §6). */
export function taskRoutes(cloud: Cloud): Route[] {
  const taskOf = ({ params }: Call) => cloud.task(params[0] ?? '')
  const run = (call: Call) => startRun(cloud, call)
  return [
    { method: 'POST', path: '/apps/run', scope: EXECUTE, handle: run },
    { method: 'POST', path: '/run', scope: EXECUTE, handle: run },
    { method: 'POST', path: '/tasks/list', scope: READ, handle: (call) => listTasks(cloud, call) },
    {
      method: 'GET',
      path: '/tasks/featured',
      scope: READ,
      handle: (call) => listTasks(cloud, { ...call, body: {} }, ({ isFeatured }) => isFeatured),
    },
    {
      method: 'GET',
      path: '/tasks/{}',
      scope: READ,
      handle: (call) => new Answer(taskOf(call).toJson(call.base)),
    },
    {
      method: 'GET',
      path: '/tasks/{}/status',
      scope: READ,
      handle: (call) => {
        const { id, status, updatedAt } = taskOf(call)
        return new Answer({ id, status, updated_at: timestamp(updatedAt) })
      },
    },
    {
      method: 'GET',
      path: '/tasks/{}/logs',
      scope: READ,
      handle: (call) => {
        const { id, status, events, logs } = taskOf(call)
        return new Answer({
          task_id: id,
          status,
          events: events as unknown as Json,
          logs: logs.toJson() as unknown as Json,
        })
      },
    },
    {
      method: 'GET',
      path: '/tasks/{}/timings',
      scope: READ,
      handle: (call) => new Answer(timingsOf(taskOf(call), cloud.now())),
    },
    {
      method: 'GET',
      path: '/tasks/{}/telemetry',
      scope: READ,
      handle: (call) => new Answer(telemetryOf(taskOf(call), cloud.now())),
    },
    {
      method: 'GET',
      path: '/tasks/{}/stream',
      scope: READ,
      handle: (call) => streamTask(cloud, call, taskOf(call)),
    },
    {
      method: 'POST',
      path: '/tasks/{}/cancel',
      scope: EXECUTE,
      handle: (call) => {
        const { force, timeout } = call.body
        const seconds = typeof timeout === 'number' ? timeout * 1_000 : undefined
        cloud.pool.cancel(taskOf(call), force === true, seconds)
        return new Answer(null)
      },
    },
    {
      method: 'DELETE',
      path: '/tasks/{}',
      scope: EXECUTE,
      handle: (call) => {
        const task = taskOf(call)
        if (!task.isOver) throw new Problem(409, 'conflict', 'the task is not over; cancel it first')
        cloud.forget(task)
        return noContent()
      },
    },
    {
      method: 'POST',
      path: '/tasks/{}/visibility',
      scope: EXECUTE,
      handle: (call) => {
        const task = taskOf(call)
        if (typeof call.body.visibility === 'string') task.visibility = call.body.visibility
        return new Answer(task.toJson(call.base))
      },
    },
    {
      method: 'POST',
      path: '/tasks/{}/featured',
      scope: EXECUTE,
      handle: (call) => {
        const task = taskOf(call)
        task.isFeatured = call.body.is_featured === true
        return new Answer(task.toJson(call.base))
      },
    },
  ]
}

async function startRun(cloud: Cloud, call: Call): Promise<Result> {
  const request = readRunRequest(call.body)
  const { app } = request.task
  if (app.requirements && !cloud.satisfied.has(app.name))
    return jsonResponse({ satisfied: false, errors: app.requirements as unknown as Json }, 412)
  cloud.gate.countRun()
  const messages = cloud.notices()
  const task = cloud.run(request)
  if (request.stream) return streamTask(cloud, call, task)
  if (request.wait) {
    await cloud.ended(task, call.request.signal)
    if (task.status !== STATUS.completed) throw unprocessable(task)
  }
  return new Answer(task.toResult(call.base), messages)
}

/** A run that was waited for and did not complete is a 422 (§2). */
function unprocessable(task: Task): Problem {
  const failed = task.status === STATUS.failed
  return new Problem(
    422,
    failed ? 'task_failed' : 'task_cancelled',
    (task.error ?? '').split('\n')[0] ?? '',
    { title: failed ? 'Task failed' : 'Task cancelled' },
  )
}

function listTasks(cloud: Cloud, { body, base }: Call, which: (task: Task) => boolean = () => true): Answer {
  const { preloads } = body
  const withApp = Array.isArray(preloads) && preloads.some((each) => String(each).toLowerCase() === 'app')
  const rows = [...cloud.tasks.values()]
    .reverse()
    .filter(which)
    .sort((one, other) => other.createdAt - one.createdAt)
    .map((task) => task.toRow(base, withApp))
  return new Answer(listPage(rows, isObject(body) ? body : {}))
}

function streamTask(cloud: Cloud, call: Call, task: Task): Response {
  const channel = cloud.openChannel(framingOf(call.request), call.base, call.key, task.id)
  channel.follow(task)
  return streamResponse(call.request, channel)
}
