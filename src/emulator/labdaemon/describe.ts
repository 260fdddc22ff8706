import type { Daemon } from './daemon.ts'
import type { Device } from './device.ts'
import type { PyDict } from './python-json.ts'
import type { TaskRun } from './task.ts'
import { timestamp } from './time.ts'

/** A device as lists show it, where no `is_connected` means false, or in detail, where it means true (§5.17). */
export function describeDevice(daemon: Daemon, device: Device, guess: boolean): PyDict {
  return {
    ...describeState(daemon, device, guess),
    last_error: daemon.deviceErrors.get(device.id) ?? null,
  }
}

/** D without `last_error`, as the answers to adding, connecting and disconnecting (LabDaemon wire contract §3). */
export function describeState(daemon: Daemon, device: Device, guess: boolean): PyDict {
  return {
    device_id: device.id,
    device_type: device.className,
    ...describeUse(daemon, device, guess),
  }
}

/** What connecting and disconnecting answer with, beside the id. */
export function describeUse(daemon: Daemon, device: Device, guess: boolean): PyDict {
  return {
    connected: device.isConnected() ?? guess,
    streaming: device.streaming?.active ?? false,
    owned_by: daemon.ownership.ownerOf(device.id) ?? null,
  }
}

/** M (LabDaemon wire contract §3): public methods by name. */
export function describeMethods(device: Device): PyDict {
  const methods = [...device.methods()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    methods: methods.map(({ name, parameters, doc }) => ({
      name,
      parameters: parameters.map((each) => ({
        name: each.name,
        type: each.type,
        required: each.default === undefined,
        ...(each.default === undefined ? {} : { default: each.default }),
      })),
      ...(doc === undefined ? {} : { doc }),
    })),
  }
}

/** A line of the task list: no times, no progress, no outcome (§3). */
export function describeTask(task: TaskRun): PyDict {
  return { task_id: task.id, task_type: task.className, running: task.running }
}

/** A task in detail; the exception's timestamp is the time of the request (§5.7). */
export function describeTaskFully(task: TaskRun, now: number): PyDict {
  return {
    ...describeTask(task),
    result: task.running ? null : task.result,
    exception: task.error
      ? {
          error: {
            type: task.error.type,
            message: task.error.message,
            origin: 'framework',
            timestamp: timestamp(now),
            context: { task_id: task.id },
          },
        }
      : null,
  }
}
