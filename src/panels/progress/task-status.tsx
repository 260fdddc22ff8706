import type { TaskSummary } from '#model/task.ts'
import { StatusBadge } from '#ui/status-badge.tsx'
import type { Freshness } from './freshness.ts'
import { statusWords } from './task-facts.ts'
import { STATUS_LOOKS } from './task-look.ts'

/** A task's state as icon, word and colour; hatched when it may no longer be so. */
export function TaskStatusBadge(props: { task: TaskSummary; fresh: Freshness; withNote?: boolean }) {
  const { task, fresh, withNote = false } = props
  const look = STATUS_LOOKS[task.status]
  const { label, note } = statusWords(task)
  const unsure = fresh.stale || task.status === 'unknown' || task.status === 'lost'
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
}
