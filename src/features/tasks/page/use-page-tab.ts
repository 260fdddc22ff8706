import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { isTerminal, type TaskStatus } from '#model/status.ts'

export const PAGE_TABS = ['output', 'log', 'timeline', 'data', 'parameters'] as const
export type PageTab = (typeof PAGE_TABS)[number]

/**
 * The tab of the task page, kept in the URL. Without one there, the log of what runs and the output of what has
 * ended; the choice stands while the page is open, so that a task that ends takes nothing away.
 */
export function usePageTab(status: TaskStatus): [PageTab, (tab: PageTab) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [first] = useState<PageTab>(() => (isTerminal(status) ? 'output' : 'log'))
  const tab = PAGE_TABS.find((each) => each === search.tab) ?? first
  return [
    tab,
    (next) => {
      void navigate({
        to: '.',
        search: ((before: Record<string, unknown>) => ({ ...before, tab: next })) as never,
        replace: true,
        resetScroll: false,
      })
    },
  ]
}
