import type { Task } from './task.ts'
import { STATUS, goDuration, isFinal, statusName, timestamp } from './wire.ts'
import type { JsonObject, Status } from './wire.ts'

interface Moment {
  readonly status: Status
  readonly at: number
}

/** Phases as people name them, by the statuses that begin them. */
const GROUPS: readonly (readonly [label: string, begins: readonly Status[]])[] = [
  ['queue', [STATUS.received, STATUS.queued]],
  ['startup', [STATUS.dispatched, STATUS.preparing, STATUS.serving, STATUS.setting_up]],
  ['run', [STATUS.running]],
  ['upload', [STATUS.uploading]],
]

/** `GET /tasks/{id}/timings` (inference.sh wire contract §5); statuses are names here. */
export function timingsOf(task: Task, now: number): JsonObject {
  const moments = task.events.map(({ status, event_time }) => ({ status, at: Date.parse(event_time) }))
  const end = task.isOver ? (moments.at(-1)?.at ?? now) : now
  const total = end - task.createdAt
  return {
    task_id: task.id,
    status: task.status,
    total_duration: goDuration(total),
    total_duration_ms: total,
    groups: groupsOf(moments, now),
    events: moments.map(({ status, at }, index) => {
      const next = moments[index + 1]
      const event = { status: statusName(status), timestamp: timestamp(at) }
      if (!next) return event
      return {
        ...event,
        duration: goDuration(next.at - at),
        duration_ms: next.at - at,
        next_status: statusName(next.status),
      }
    }),
  }
}

function groupsOf(moments: readonly Moment[], now: number): JsonObject[] {
  return GROUPS.flatMap(([label, begins]) => {
    const first = moments.findIndex(({ status }) => begins.includes(status))
    const start = moments[first]
    if (!start) return []
    const after = moments.slice(first).find(({ status }) => isLater(status, begins))
    const end = after?.at ?? now
    return [
      {
        label,
        start_at: timestamp(start.at),
        ...(after ? { end_at: timestamp(end) } : {}),
        duration: goDuration(end - start.at),
        duration_ms: end - start.at,
      },
    ]
  })
}

/** Cancelling belongs to the phase that it interrupts. */
const isLater = (status: Status, begins: readonly Status[]) =>
  isFinal(status) || (status !== STATUS.cancelling && status > Math.max(...begins))

const SAMPLES = 300

/** `GET /tasks/{id}/telemetry`: a sample a second while it ran. */
export function telemetryOf(task: Task, now: number): JsonObject[] {
  const started = task.enteredAt(STATUS.running)
  if (started === undefined || !task.request.app.usesGpu) return []
  const ended = task.enteredAt(STATUS.uploading) ?? (task.isOver ? task.updatedAt : now)
  const count = Math.floor((ended - started) / 1_000)
  const stride = Math.max(1, Math.ceil(count / SAMPLES))
  return Array.from({ length: Math.floor(count / stride) }, (_, index) => {
    const second = (index + 1) * stride
    const wave = Math.sin(second / 5 + task.createdAt)
    return {
      timestamp: timestamp(started + second * 1_000),
      gpu: [
        {
          index: 0,
          utilization: Math.round(92 + 6 * wave),
          memory_used: Math.min(25_000_000_000, 16_106_127_360 + second * 12_582_912),
          memory_total: 25_757_220_864,
          temperature: Math.round(Math.min(74, 48 + second * 0.8) + wave),
        },
      ],
      cpu: Number((12.5 + 4 * wave).toFixed(1)),
      ram_used: 5_153_960_755,
    }
  })
}
