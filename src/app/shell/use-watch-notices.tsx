import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { setWatched, watched } from '#ui/watched.ts'
import { isTerminal, statusLabel } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { useStreams } from '#streams/react.tsx'
import { toast } from '#ui/toast.tsx'

const EVERY_MS = 1_000

/** Tells when a watched task has ended, also one that ended while no page was open. */
export function useWatchNotices(): void {
  const streams = useStreams()
  useEffect(() => {
    const look = () => {
      const { items } = streams.list('tasks').store.getState()
      for (const key of watched.getState().keys) {
        const task = items.get(key)
        if (!task || !isTerminal(task.status)) continue
        setWatched(key, false)
        tell(task)
      }
    }
    const timer = setInterval(look, EVERY_MS)
    return () => {
      clearInterval(timer)
    }
  }, [streams])
}

function tell(task: TaskSummary): void {
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
