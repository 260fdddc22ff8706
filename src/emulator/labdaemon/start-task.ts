import type { Daemon } from './daemon.ts'
import { PyError, isUnhashable, toPyError } from './python-error.ts'
import type { Frame } from './python-error.ts'
import { isDict, isList, isTruthy, toText, typeName } from './python-json.ts'
import type { PyDict, PyValue } from './python-json.ts'
import type { TaskId, TaskModel, TaskRun } from './task.ts'

const EXECUTE: readonly Frame[] = [
  { file: 'site-packages/labdaemon/server/server.py', line: 292, name: '_execute_task_with_ownership' },
  { file: 'site-packages/labdaemon/daemon.py', line: 284, name: 'execute_task' },
]
const INSTANTIATE: readonly Frame[] = [
  { file: 'site-packages/labdaemon/server/server.py', line: 227, name: '_execute_task_with_ownership' },
]

/** Why `POST /tasks` refuses (LabDaemon wire contract §3). */
export interface Refusal {
  readonly status: number
  readonly type: string
  readonly message: string
  readonly context: PyDict
}

const refuse = (status: number, type: string, message: string, context: PyDict = {}): Refusal => ({
  status,
  type,
  message,
  context,
})

/** A started task, or the refusal; a refusal may leave a task and an error behind (§5.7, §5.9). */
export function startTask(daemon: Daemon, body: PyDict): TaskRun | Refusal {
  const { task_id: id, task_type: type, params = {} } = body
  if (!isTruthy(id) || id === undefined) return refuse(400, 'InvalidRequest', 'task_id is required')
  if (!isTruthy(type) || type === undefined) return refuse(400, 'InvalidRequest', 'task_type is required')
  if (!isDict(params)) return refuse(400, 'InvalidRequest', 'params must be a dict')
  const taskId = asTaskId(id)
  if (daemon.tasks.get(taskId)?.running === true)
    return refuse(409, 'TaskExists', `Task '${taskId}' is already running`)
  return instantiate(daemon, taskId, type, params)
}

/** True for what `startTask` refuses with. */
export function isRefusal(outcome: TaskRun | Refusal): outcome is Refusal {
  return 'status' in outcome
}

/** Ids that cannot be keys trip the server itself (§2). */
function asTaskId(id: PyValue): TaskId {
  if (typeof id === 'string' || typeof id === 'number') return id
  throw new PyError('TypeError', `unhashable type: '${typeName(id)}'`)
}

function instantiate(daemon: Daemon, id: TaskId, type: PyValue, params: PyDict): TaskRun | Refusal {
  const context = { task_type: type }
  if (isUnhashable(type))
    return instantiationError(`Failed to instantiate task: unhashable type: '${typeName(type)}'`, context)
  const taskType = toText(type)
  const taskClass = daemon.taskClasses.get(taskType)
  if (!taskClass)
    return refuse(404, 'TaskTypeNotFound', `Unknown task type: '${taskType}'. Is the plugin registered?`)
  let model: TaskModel
  try {
    model = taskClass.create(id, params)
  } catch (thrown) {
    const message = `Failed to instantiate task '${id}' of type '${taskType}': ${toPyError(thrown).message}`
    daemon.taskErrors.record(id, new PyError('Exception', message), 'framework', context, INSTANTIATE)
    return instantiationError(`Failed to instantiate task: ${message}`, context)
  }
  const { deviceIds } = model
  if (isTruthy(deviceIds) && !isList(deviceIds))
    return refuse(
      400,
      'InvalidTaskDefinition',
      `Task '${id}': self.device_ids must be a list of strings`,
      context,
    )
  return claimAndExecute(daemon, id, taskType, params, isList(deviceIds) ? deviceIds : [])
}

function claimAndExecute(
  daemon: Daemon,
  id: TaskId,
  type: string,
  params: PyDict,
  deviceIds: readonly PyValue[],
): TaskRun | Refusal {
  const context = { task_type: type }
  try {
    daemon.ownership.claim(
      id,
      deviceIds.filter((each) => typeof each === 'string'),
    )
  } catch (thrown) {
    const error = toPyError(thrown)
    daemon.taskErrors.record(id, error, 'framework', context, EXECUTE.slice(0, 1))
    return refuse(409, 'DeviceInUse', error.message, context)
  }
  let task: TaskRun
  try {
    task = daemon.execute(id, type, params, true)
  } catch (thrown) {
    const error = toPyError(thrown)
    daemon.ownership.release(id)
    daemon.taskErrors.record(id, error, 'framework', context, EXECUTE)
    return instantiationError(error.message, context)
  }
  if (!task.error || task.running) return task
  daemon.taskErrors.record(id, task.error, 'framework', context)
  return refuse(400, task.error.type, `Task failed to start: ${task.error.message}`, context)
}

function instantiationError(message: string, context: PyDict): Refusal {
  return refuse(400, 'TaskInstantiationError', message, context)
}
