import { callAll } from '#lib/isolate.ts'

/** Runs work once per animation frame, or once a second while the page is hidden (frames stop there). */
export interface Scheduler {
  /** Asks for one run of `work`; asking again before it ran changes nothing. */
  request(work: () => void): void
}

const HIDDEN_MS = 1_000

/** The page's scheduler. One frame callback serves everything that was requested. */
export function createFrameScheduler(): Scheduler {
  const wanted = new Set<() => void>()
  let frame = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const run = () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
    frame = 0
    timer = undefined
    const now = [...wanted]
    wanted.clear()
    callAll(now)
  }
  const schedule = () => {
    if (document.hidden) timer ??= setTimeout(run, HIDDEN_MS)
    else if (!frame) frame = requestAnimationFrame(run)
  }
  // A frame asked for just before the page was hidden would never come.
  document.addEventListener('visibilitychange', () => {
    if (wanted.size === 0) return
    if (document.hidden) timer ??= setTimeout(run, HIDDEN_MS)
    else run()
  })
  return {
    request(work) {
      wanted.add(work)
      schedule()
    },
  }
}
