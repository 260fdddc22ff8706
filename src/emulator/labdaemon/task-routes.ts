import type { Daemon } from './daemon.ts'
import { describeTask, describeTaskFully } from './describe.ts'
import { errorResponse, json, noContent } from './http.ts'
import type { Call, Route } from './http.ts'
import { toPyError } from './python-error.ts'
import { isTruthy, toText } from './python-json.ts'
import type { PyDict } from './python-json.ts'
import { isRefusal, startTask } from './start-task.ts'
import type { TaskRun } from './task.ts'

/** The operations on tasks (LabDaemon wire contract §3). */
export function taskRoutes(daemon: Daemon): Route[] {
  const now = () => daemon.host.timers.now()
  const fail = (status: number, type: string, message: string, context?: PyDict) =>
    errorResponse(now(), status, type, message, context)
  const withTask = (handle: (task: TaskRun, call: Call) => Response) => (call: Call) => {
    const task = daemon.tasks.get(call.id)
    return task ? handle(task, call) : fail(404, 'TaskNotFound', 'Task not found')
  }

  return [
    {
      method: 'GET',
      path: '/tasks',
      handle: () => json({ tasks: [...daemon.tasks.values()].map(describeTask) }),
    },
    { method: 'GET', path: '/tasks/{id}', handle: withTask((task) => json(describeTaskFully(task, now()))) },
    {
      method: 'GET',
      path: '/tasks/{id}/error',
      handle: ({ id }) => {
        const error = daemon.taskErrors.get(id)
        return error ? json(error) : fail(404, 'NoError', 'No error recorded for task')
      },
    },
    {
      method: 'POST',
      path: '/tasks',
      takesBody: true,
      handle: ({ body }) => {
        const task = startTask(daemon, body)
        if (isRefusal(task)) return fail(task.status, task.type, task.message, task.context)
        return json({
          task_id: task.id,
          task_type: body['task_type'] ?? null,
          device_ids: task.model.deviceIds,
          status: task.running ? 'started' : 'completed_immediately',
        })
      },
    },
    {
      method: 'DELETE',
      path: '/tasks/{id}/error',
      handle: ({ id }) => {
        if (!daemon.taskErrors.get(id)) return fail(404, 'NoError', 'No error recorded for task')
        daemon.taskErrors.clear(id)
        return noContent()
      },
    },
    {
      method: 'POST',
      path: '/tasks/{id}/cancel',
      handle: withTask((task) => {
        task.cancel()
        return json({ status: 'cancellation_requested' })
      }),
    },
    {
      method: 'POST',
      path: '/tasks/{id}/pause',
      handle: withTask((task) => {
        task.pause()
        return json({ status: 'paused' })
      }),
    },
    {
      method: 'POST',
      path: '/tasks/{id}/resume',
      handle: withTask((task) => {
        task.resume()
        return json({ status: 'resumed' })
      }),
    },
    {
      method: 'POST',
      path: '/tasks/{id}/parameters',
      takesBody: true,
      handle: withTask((task, { body }) => {
        const { key, value } = body
        if (value === undefined) return fail(400, 'InvalidRequest', "'value' is required in request body")
        if (!isTruthy(key) || key === undefined)
          return fail(400, 'InvalidRequest', "'key' is required in request body")
        try {
          if (!task.model.setParameter) return parameterError(task, key, unsupported(task))
          task.model.setParameter(toText(key), value)
        } catch (thrown) {
          return parameterError(task, key, toPyError(thrown).message)
        }
        return json({ status: 'parameter_set', key, value })
      }),
    },
  ]

  function parameterError(task: TaskRun, key: PyDict[string], message: string): Response {
    return fail(
      500,
      'TaskParameterError',
      `Failed to set parameter '${toText(key)}' on task '${task.id}': ${message}`,
    )
  }
}

function unsupported(task: TaskRun): string {
  return `Task '${task.id}' does not support parameter updates. The task must implement a set_parameter(key, value) method.`
}
