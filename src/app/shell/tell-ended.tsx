import { Link } from '@tanstack/react-router'
import { statusLabel } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { toast } from '#ui/toast.tsx'

/** Tells that a task has ended: in the page, and beside it while the page is not looked at. */
export function tellEnded(task: TaskSummary): void {
  const state = statusLabel(task.status).toLowerCase()
  const tone = task.status === 'completed' ? 'ok' : task.status === 'failed' ? 'bad' : 'warn'
  toast({
    tone,
    stays: true,
    text: (
      <>
        <b className="font-medium">{task.id}</b> {state}
        {task.error && `: ${task.error.message.slice(0, 200)}`}
      </>
    ),
    actions: (
      <Link
        to="/tasks/$source/$taskId"
        params={{ source: task.source, taskId: task.id }}
        className="text-accent hover:underline"
      >
        Open
      </Link>
    ),
  })
  if (document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted') return
  try {
    const notice = new Notification(`${task.id} ${state}`, {
      body: task.error?.message ?? `${task.source} · ${task.type ?? 'task'}`,
      // Several tabs of Weir make one notice.
      tag: `weir:${task.source}/${task.id}:${task.endedAt ?? ''}`,
    })
    notice.onclick = () => {
      window.focus()
    }
  } catch {
    // Some phones only allow notices from a service worker; the one in the page stays until seen.
  }
}
