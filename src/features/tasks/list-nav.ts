import { createContext, useContext } from 'react'

/** What a list of tasks offers to the keys of its screen. */
export interface ListNav {
  columns: number
  /** Brings a row into sight, so that it can be focused. */
  reveal(index: number): void
}

export type NavRef = { current: ListNav | null }

export const NavContext = createContext<NavRef>({ current: null })

export function useNavRef(): NavRef {
  return useContext(NavContext)
}

/** Focuses the link of a task, waiting a moment for a row that has yet to be drawn. */
export function focusTask(key: string, tries = 5): void {
  const link = document.querySelector<HTMLElement>(`[data-task-link="${CSS.escape(key)}"]`)
  if (link) link.focus({ preventScroll: true })
  else if (tries > 0)
    requestAnimationFrame(() => {
      focusTask(key, tries - 1)
    })
}

/** The task whose card or row has the focus. */
export function focusedTask(): string | null {
  return document.activeElement?.closest<HTMLElement>('[data-key]')?.dataset.key ?? null
}
