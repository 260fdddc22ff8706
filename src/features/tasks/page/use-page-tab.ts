import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { isTerminal, type TaskStatus } from '#model/status.ts'

/** What tabs were called in links of before, and what stands there now, the first that there is. */
const FORMERLY: Readonly<Record<string, readonly string[]>> = { data: ['plots', 'raw'], progress: ['log'] }

/**
 * The tab of the task page, kept in the URL. Without one there, the log of what runs and the output of what has
 * ended; the choice stands while the page is open, so that a task that ends takes nothing away.
 * @param tabs those that the page has
 */
export function usePageTab(status: TaskStatus, tabs: readonly string[]): [string, (tab: string) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false })
  const navigate = useNavigate()
  const [first] = useState(() => (isTerminal(status) ? 'output' : 'log'))
  const wanted = typeof search.tab === 'string' ? (FORMERLY[search.tab] ?? [search.tab]) : []
  const tab = wanted.find((each) => tabs.includes(each)) ?? first
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
