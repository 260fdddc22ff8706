import { useEffect, useRef, type RefObject } from 'react'
import { useHotkeys } from '#ui/hotkeys.ts'
import { focusedTask, focusTask, type NavRef } from './list-nav.ts'
import { select, selection } from './selection.ts'

/** The keys of the Tasks screen; Enter follows the focused link by itself. */
export function useTaskKeys(options: {
  keys: readonly string[]
  nav: NavRef
  filterRef: RefObject<HTMLInputElement | null>
}): void {
  const { keys, nav, filterRef } = options
  const last = useRef<string | null>(null)

  const go = (by: (columns: number) => number) => (event: KeyboardEvent) => {
    const list = nav.current
    if (!list || keys.length === 0) return
    const arrow = event.key.startsWith('Arrow')
    const here = focusedTask()
    // Arrows scroll the page until a task has the focus.
    if (arrow && here === null) return
    const from = keys.indexOf(here ?? last.current ?? '')
    const to = from < 0 ? 0 : here === null ? from : from + by(list.columns)
    const key = keys[to]
    if (key === undefined) return
    event.preventDefault()
    last.current = key
    list.reveal(to)
    focusTask(key)
  }

  useEffect(() => {
    if (last.current !== null && !keys.includes(last.current)) last.current = null
  }, [keys])

  useHotkeys({
    '/': (event) => {
      event.preventDefault()
      filterRef.current?.focus()
      filterRef.current?.select()
    },
    j: go(() => 1),
    k: go(() => -1),
    ArrowRight: go((columns) => (columns > 1 ? 1 : 0)),
    ArrowLeft: go((columns) => (columns > 1 ? -1 : 0)),
    ArrowDown: go((columns) => columns),
    ArrowUp: go((columns) => -columns),
    x: () => {
      const key = focusedTask()
      if (key !== null) select(key, !selection.getState().keys.has(key))
    },
  })
}
