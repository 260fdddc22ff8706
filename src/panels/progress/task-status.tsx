import { memo } from 'react'
import type { TaskSummary } from '#model/task.ts'
import { StatusBadge } from '#ui/status-badge.tsx'
import { isUnsure, type Freshness } from './freshness.ts'
import { statusWords } from './task-facts.ts'
import { STATUS_LOOKS } from './task-look.ts'

/** A task's state as icon, word and colour; hatched when it may no longer be so. */
export const TaskStatusBadge = memo(function TaskStatusBadge(props: BadgeProps) {
  const { task, fresh, withNote = false } = props
  const look = STATUS_LOOKS[task.status]
  const { label, note } = statusWords(task)
  const unsure = isUnsure(task, fresh)
  return (
    <StatusBadge
      tone={look.tone}
      icon={fresh.stale ? 'question' : look.icon}
      label={label}
      note={withNote ? note : null}
      turning={look.turning === true && !fresh.stale}
      hatched={unsure}
      {...(fresh.why ? { title: fresh.why } : task.statusNote ? { title: task.statusNote } : {})}
    />
  )
}, sameBadge)

interface BadgeProps {
  task: TaskSummary
  fresh: Freshness
  withNote?: boolean
}

/** Only what the badge shows: a task changes far more often than its state. */
function sameBadge(a: BadgeProps, b: BadgeProps): boolean {
  return (
    a.fresh === b.fresh &&
    a.withNote === b.withNote &&
    a.task.status === b.task.status &&
    a.task.statusAt === b.task.statusAt &&
    a.task.statusOrigin === b.task.statusOrigin &&
    a.task.statusNote === b.task.statusNote &&
    a.task.pauseAskedAt === b.task.pauseAskedAt &&
    a.task.cancelAskedAt === b.task.cancelAskedAt
  )
}
