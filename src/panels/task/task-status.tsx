import type { TaskSummary } from '#model/task.ts'
import { isTerminal } from '#model/status.ts'
import { StatusBadge } from '#ui/status-badge.tsx'
import { STATUS_LOOK } from './status-look.ts'
import { lastSeenWords, statusWords } from './task-words.ts'
import type { Freshness } from './use-freshness.ts'

/** A task's status with its origin; hatched, with the time it was last seen, where that may be out of date. */
export function TaskStatusBadge(props: { task: TaskSummary; freshness: Freshness; now: number }) {
  const { task, freshness, now } = props
  const look = STATUS_LOOK[task.status]
  const { label, note } = statusWords(task)
  if (freshness.stale && !isTerminal(task.status)) {
    const words = lastSeenWords(task, freshness.readAt, now)
    return (
      <StatusBadge
        tone="wait"
        icon="question"
        label={words.charAt(0).toUpperCase() + words.slice(1)}
        hatched
        {...(freshness.reason === null ? {} : { title: freshness.reason })}
      />
    )
  }
  return (
    <StatusBadge
      tone={look.tone}
      icon={look.icon}
      label={note === null ? label : `${label}, `}
      note={note}
      hatched={look.hatched ?? false}
      turning={look.turning ?? false}
      {...(task.statusNote === null ? {} : { title: task.statusNote })}
    />
  )
}
