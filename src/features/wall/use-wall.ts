import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import { createStored } from '#ui/stored.ts'
import { formatLayout, panelKey, parseLayout, type WallLayout } from './layout.ts'

const kept = createStored('weir:wall', '', (value) => (typeof value === 'string' ? value : ''))

export interface Wall {
  panels: WallLayout
  /** Parts of the address that could not be read. */
  unread: string[]
  /** Key of the panel that fills the wall. */
  maximized: string | null
  /** `step` makes the change one that Back undoes. */
  change: (panels: WallLayout, step?: boolean) => void
  maximize: (key: string | null) => void
}

/**
 * The wall as the address says it. Opened without a layout, it is the one last seen in this browser. Panels
 * that come, go or fill the wall are steps of the history; sizes and order are not.
 */
export function useWall(): Wall {
  const search: { panels?: unknown; max?: unknown } = useSearch({ strict: false })
  const navigate = useNavigate()
  const text = typeof search.panels === 'string' ? search.panels : ''
  const max = typeof search.max === 'string' ? search.max : null
  const { panels, unread } = useMemo(() => parseLayout(text), [text])

  useEffect(() => {
    const last = kept.get()
    if (text !== '') kept.set(text)
    else if (last !== '') void navigate({ to: '/wall', search: { panels: last }, replace: true })
  }, [text, navigate])

  const go = (layout: WallLayout, maximized: string | null, step: boolean) => {
    const next = formatLayout(layout)
    kept.set(next)
    // Typed search names what every link may carry; a filled wall is this page's own.
    const to: Record<string, string> = { ...(next && { panels: next }), ...(maximized && { max: maximized }) }
    // An empty wall is no place to go back to: it would fill itself again.
    void navigate({ to: '/wall', search: to, replace: !step || text === '', resetScroll: false })
  }
  const maximized = panels.some((panel) => panelKey(panel) === max) ? max : null
  return {
    panels,
    unread,
    maximized,
    change: (layout, step = false) => {
      go(layout, layout.some((panel) => panelKey(panel) === maximized) ? maximized : null, step)
    },
    maximize: (key) => {
      go(panels, key, true)
    },
  }
}
