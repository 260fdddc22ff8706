import { useId } from 'react'
import type { TaskSummary } from '#model/task.ts'
import { headline } from '#panels/progress/task-facts.ts'
import { TaskStatusBadge } from '#panels/progress/task-status.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'

/** One task to choose; the button is named by its id. */
export function TaskChoice(props: { task: TaskSummary; shown: boolean; onChoose: () => void }) {
  const { task, shown, onChoose } = props
  const id = useId()
  const fresh = useFreshness(task)
  return (
    <li className="relative flex items-center gap-3 rounded-md px-2 py-1.5 hover:bg-hover has-focus-visible:bg-sel">
      <div className="min-w-0 flex-1">
        <button
          type="button"
          aria-describedby={id}
          onClick={onChoose}
          className="said-line block max-w-full text-left font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-md focus-visible:after:outline-2 focus-visible:after:outline-accent"
        >
          {task.id}
        </button>
        <p id={id} className="said-line text-sm text-faint">
          {task.source} · {task.type ?? 'type unknown'}
          {shown && ' · on the wall'}
        </p>
      </div>
      <span className="shrink-0 text-sm text-mute">{headline(task)}</span>
      <span className="w-24 shrink-0">
        <TaskStatusBadge task={task} fresh={fresh} withNote={task.status === 'unknown'} />
      </span>
    </li>
  )
}
