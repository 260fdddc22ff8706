import type { Random } from '#lib/random.ts'
import type { Timers } from '../shared/timers.ts'
import { VirtStreamDevice } from './device.ts'
import type { Device, DeviceClass, DeviceHost } from './device.ts'
import { ErrorBook } from './error-book.ts'
import type { Loop } from './loop.ts'
import { Ownership } from './ownership.ts'
import { PyError } from './python-error.ts'
import type { PyDict } from './python-json.ts'
import { TaskRun } from './task.ts'
import type { Send, ServerContext, TaskClass, TaskId } from './task.ts'

/** Finished tasks the server keeps (LabDaemon wire contract §5.9). */
const FINISHED_KEPT = 20
/** Ids that stay used up (§5.9). */
const IDS_KEPT = 2_000

interface DaemonOptions {
  readonly timers: Timers
  readonly loop: Loop
  readonly random: Random
  readonly speed: number
  readonly deviceClasses: ReadonlyMap<string, DeviceClass>
  readonly taskClasses: ReadonlyMap<string, TaskClass>
}

/** Devices, tasks, claims and errors of one server process. */
export class Daemon {
  readonly devices = new Map<string, Device>()
  readonly tasks = new Map<TaskId, TaskRun>()
  readonly ownership = new Ownership()
  readonly deviceErrors: ErrorBook<string>
  readonly taskErrors: ErrorBook<TaskId>
  readonly deviceClasses: ReadonlyMap<string, DeviceClass>
  readonly taskClasses: ReadonlyMap<string, TaskClass>
  readonly host: DeviceHost
  readonly #finished: TaskId[] = []
  readonly #usedIds = new Set<TaskId>()
  readonly #endListeners: ((task: TaskRun) => void)[] = []

  constructor(options: DaemonOptions) {
    const { timers, loop, random, speed } = options
    this.host = { timers, loop, random, ms: (seconds) => (seconds * 1_000) / speed }
    this.deviceClasses = options.deviceClasses
    this.taskClasses = options.taskClasses
    this.deviceErrors = ErrorBook.ofDevices(() => timers.now())
    this.taskErrors = ErrorBook.ofTasks<TaskId>(() => timers.now())
  }

  /** Calls back after each task's end, retention done. */
  onTaskEnd(listener: (task: TaskRun) => void): void {
    this.#endListeners.push(listener)
  }

  /** Adds a device of a registered type; raises what its constructor raises. */
  addDevice(id: string, type: string, params: PyDict): Device {
    const deviceClass = this.deviceClasses.get(type)
    if (!deviceClass)
      throw new PyError('ValueError', `Unknown device type: '${type}'. Is the plugin registered?`)
    const device = deviceClass.create(id, params, this.host)
    this.devices.set(id, device)
    return device
  }

  /**
   * Starts a task that holds its claims already. The id is used up from here on, even if the task fails at
   * once (LabDaemon wire contract §5.9).
   */
  execute(id: TaskId, type: string, params: PyDict, isServerTask: boolean): TaskRun {
    if (this.#usedIds.has(id))
      throw new PyError(
        'ValueError',
        `Task ID '${id}' has been used recently. Task IDs must be unique across active and recently completed tasks.`,
      )
    this.#useUp(id)
    const taskClass = this.taskClasses.get(type)
    if (!taskClass) throw new PyError('ValueError', `Unknown task type: '${type}'. Is the plugin registered?`)
    const model = taskClass.create(id, params)
    const task = new TaskRun(id, taskClass.className, model, {
      timers: this.host.timers,
      ms: (seconds) => this.host.ms(seconds),
      context: (of) => this.#contextOf(of),
      onEnd: (of) => this.#onEnd(of, isServerTask),
    })
    this.tasks.set(id, task)
    task.start()
    return task
  }

  #useUp(id: TaskId): void {
    this.#usedIds.add(id)
    const oldest = this.#usedIds.values().next()
    if (this.#usedIds.size > IDS_KEPT && oldest.done !== true) this.#usedIds.delete(oldest.value)
  }

  #contextOf(task: TaskRun): ServerContext {
    return {
      taskId: task.id,
      random: this.host.random.fork(),
      now: () => this.host.timers.now(),
      openStream: () => this.#openStream(task),
      device: (id) => {
        const device = this.devices.get(id)
        if (!device) throw new PyError('ValueError', `No device found with ID: '${id}'`)
        return device
      },
      startChild: (id, type, params) => {
        this.execute(id, type, params, false)
      },
    }
  }

  #openStream(task: TaskRun): Send {
    const id = `stream-${task.id}`
    if (this.devices.has(id)) throw new PyError('ValueError', `Device with ID '${id}' already exists.`)
    const device = new VirtStreamDevice(id, this.host)
    this.devices.set(id, device)
    return (payload) => device.send(payload)
  }

  /** Claims go, the error is stored, the oldest finished tasks are forgotten (§5.9); the stream stays (§5.6). */
  #onEnd(task: TaskRun, isServerTask: boolean): void {
    if (isServerTask) {
      this.ownership.release(task.id)
      if (task.error) this.taskErrors.record(task.id, task.error, 'framework', { task_id: task.id })
    }
    this.#finished.push(task.id)
    while (this.#finished.length > FINISHED_KEPT) {
      const oldest = this.#finished.shift()
      if (oldest !== undefined) this.tasks.delete(oldest)
    }
    for (const listener of this.#endListeners) listener(task)
  }
}
