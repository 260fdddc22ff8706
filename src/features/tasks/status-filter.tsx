import { memo } from 'react'
import { statusLabel, TASK_STATUSES, type TaskStatus } from '#model/status.ts'
import { STATUS_LOOKS } from '#panels/progress/task-look.ts'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { TONE_TEXT } from '#ui/tone.ts'
import { ToggleChip } from '#ui/toggle-chip.tsx'

/** Always in the same place; others come and go with their tasks. */
const ALWAYS: readonly TaskStatus[] = ['running', 'paused', 'completed', 'failed', 'cancelled']
const ORDER: readonly TaskStatus[] = [
  ...ALWAYS,
  ...TASK_STATUSES.filter((status) => !ALWAYS.includes(status)),
]

export const StatusFilter = memo(function StatusFilter(props: {
  /** Null until the tasks are known. */
  counts: ReadonlyMap<TaskStatus, number> | null
  /** Of these some are as last seen. */
  unsure: ReadonlySet<TaskStatus>
  pressed: ReadonlySet<TaskStatus>
  onToggle: (status: TaskStatus) => void
}) {
  const { counts, unsure, pressed, onToggle } = props
  return (
    <div
      role="group"
      aria-label="Status"
      className="-m-0.5 flex min-w-0 gap-1.5 overflow-x-auto p-0.5 [scrollbar-width:none] max-sm:-mx-4 max-sm:px-4 sm:min-w-[200px] sm:flex-1 sm:basis-0"
    >
      {ORDER.filter((status) => ALWAYS.includes(status) || counts?.has(status) || pressed.has(status)).map(
        (status) => {
          const look = STATUS_LOOKS[status]
          const count = counts ? (counts.get(status) ?? 0) : undefined
          return (
            <ToggleChip
              key={status}
              pressed={pressed.has(status)}
              count={count}
              unsure={unsure.has(status)}
              onToggle={() => {
                onToggle(status)
              }}
            >
              <Icon
                name={look.icon}
                size={12}
                className={classes(count !== 0 ? TONE_TEXT[look.tone] : 'text-faint')}
              />
              {statusLabel(status)}
            </ToggleChip>
          )
        },
      )}
    </div>
  )
})
