import { PyError } from './python-error.ts'
import type { TaskId } from './task.ts'

/** Which task holds which device (LabDaemon wire contract §3, `owned_by`). */
export class Ownership {
  readonly #owners = new Map<string, TaskId>()

  ownerOf(deviceId: string): TaskId | undefined {
    return this.#owners.get(deviceId)
  }

  /** All or none. The refusal names devices and owners in its message only (§3, `POST /tasks`). */
  claim(taskId: TaskId, deviceIds: readonly string[]): void {
    const taken = deviceIds.flatMap((deviceId) => {
      const owner = this.#owners.get(deviceId)
      return owner === undefined || owner === taskId ? [] : [`'${deviceId}' (owned by '${owner}')`]
    })
    if (taken.length > 0)
      throw new PyError(
        'TaskError',
        `Cannot start task '${taskId}': devices already owned: ${taken.join(', ')}`,
      )
    for (const deviceId of deviceIds) this.#owners.set(deviceId, taskId)
  }

  release(taskId: TaskId): void {
    for (const [deviceId, owner] of this.#owners) if (owner === taskId) this.#owners.delete(deviceId)
  }
}
