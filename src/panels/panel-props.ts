import type { ReactNode } from 'react'
import type { Device } from '#model/device.ts'
import type { Task } from '#model/task.ts'

/** What a panel of a task is given. */
export interface TaskPanelProps {
  task: Task
  /** There is little room, and none around it: on a wall. */
  compact: boolean
}

/** What a panel of a device is given. */
export interface DevicePanelProps {
  device: Device
  compact: boolean
  /** In place of the words while there is nothing to show. */
  children?: ReactNode
}
