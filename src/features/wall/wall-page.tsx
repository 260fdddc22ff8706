import { useMemo, useRef, useState, type ReactNode, type RefObject } from 'react'
import { panelKind, panelName } from '#panels/catalogue.tsx'
import { Banner } from '#ui/banner.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { EmptyState } from '#ui/empty-state.tsx'
import { useHotkeys } from '#ui/hotkeys.ts'
import { AddPanelDialog } from './add-panel-dialog.tsx'
import {
  addPanel,
  closePanel,
  dropPanel,
  movePanel,
  panelKey,
  resizePanel,
  type PanelTarget,
  type WallLayout,
} from './layout.ts'
import { useDrag } from './use-drag.ts'
import { GAP_PX, ROW_PX } from './use-resize.ts'
import { useWall } from './use-wall.ts'
import { WallPanel, type PanelHandlers } from './wall-panel.tsx'

/** Panels of any tasks and devices side by side: `/wall`. */
export function WallPage() {
  const wall = useWall()
  const { panels, maximized } = wall
  const [adding, setAdding] = useState(false)
  const [said, setSaid] = useState('')
  const scroller = useRef<HTMLDivElement>(null)
  const grid = useRef<HTMLDivElement>(null)
  const focusNext = useFocusNext(grid)
  const drag = useDrag(grid, scroller, (key, target) => {
    const next = dropPanel(panels, key, target)
    wall.change(next)
    setSaid(placeWords(next, key))
  })
  useHotkeys({
    Escape: () => {
      if (maximized !== null) wall.maximize(null)
    },
  })

  const handlers: PanelHandlers = {
    onClose: (key) => {
      const at = panels.findIndex((panel) => panelKey(panel) === key)
      const neighbour = panels[at + 1] ?? panels[at - 1]
      wall.change(closePanel(panels, key), true)
      focusNext(neighbour ? `[data-panel="${CSS.escape(panelKey(neighbour))}"]` : null)
    },
    onMove: (key, by) => {
      const at = panels.findIndex((panel) => panelKey(panel) === key)
      const next = movePanel(panels, key, at + by)
      wall.change(next)
      setSaid(placeWords(next, key))
      focusNext(`[data-panel="${CSS.escape(key)}"] [data-action="${by < 0 ? 'earlier' : 'later'}"]`)
    },
    onMaximize: (key) => {
      wall.maximize(key)
    },
    onResize: (key, size) => {
      wall.change(resizePanel(panels, key, size))
    },
    onGrab: drag.start,
  }
  const add = (targets: PanelTarget[]) => {
    wall.change(targets.reduce<WallLayout>(addPanel, panels), true)
    const first = targets[0]
    if (first) focusNext(`[data-panel="${CSS.escape(panelKey(first))}"]`)
  }
  const addButton = (
    <Button
      icon="plus"
      look={panels.length === 0 ? 'primary' : 'plain'}
      onClick={() => {
        setAdding(true)
      }}
    >
      Add panel
    </Button>
  )
  return (
    <div className="relative flex h-full flex-col">
      {maximized === null && (
        <div className="flex items-center gap-3 px-4 pt-3 pb-2.5 sm:px-[18px]">
          <h1 className="text-lg font-semibold">Wall</h1>
          {panels.length > 0 && (
            <span className="text-sm text-faint">
              {panels.length === 1 ? '1 panel' : `${panels.length} panels`}
            </span>
          )}
          {panels.length > 0 && <span className="ml-auto">{addButton}</span>}
        </div>
      )}
      {wall.unread.length > 0 && <Unread parts={wall.unread} />}
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-x-clip overflow-y-auto px-4 pt-1 pb-16 sm:px-[18px]"
      >
        {panels.length === 0 && <Empty action={addButton} />}
        <div
          ref={grid}
          className={classes('grid grid-cols-12', drag.dragging !== null && 'select-none')}
          style={{ gridAutoRows: ROW_PX, gap: GAP_PX }}
        >
          {panels.map((panel, place) => {
            const key = panelKey(panel)
            return (
              <WallPanel
                key={key}
                panel={panel}
                place={place}
                count={panels.length}
                mode={maximized === null ? 'grid' : maximized === key ? 'maximized' : 'hidden'}
                dragged={drag.dragging === key}
                target={drag.target?.key === key ? drag.target : null}
                handlers={handlers}
              />
            )
          })}
        </div>
      </div>
      <span role="status" className="sr-only">
        {said}
      </span>
      {adding && (
        <AddPanelDialog
          panels={panels}
          onAdd={add}
          onClose={() => {
            setAdding(false)
          }}
        />
      )}
    </div>
  )
}

function placeWords(panels: WallLayout, key: string): string {
  const at = panels.findIndex((panel) => panelKey(panel) === key)
  const panel = panels[at]
  return panel ? `${panelName(panelKind(panel.kind)!, panel.id)} is now ${at + 1} of ${panels.length}` : ''
}

/** Moves the focus once the change it belongs to is on the page: moving an element drops its focus. */
function useFocusNext(grid: RefObject<HTMLElement | null>): (selector: string | null) => void {
  return useMemo(
    () => (selector) => {
      if (selector === null) return
      setTimeout(() => {
        const element = grid.current?.querySelector<HTMLElement>(selector)
        element?.focus({ preventScroll: true })
        element?.scrollIntoView({ block: 'nearest' })
      }, 60)
    },
    [grid],
  )
}

function Unread(props: { parts: readonly string[] }) {
  const { parts } = props
  return (
    <Banner tone="warn">
      {parts.length === 1 ? 'One part' : `${parts.length} parts`} of the address could not be read:{' '}
      <span className="font-mono text-sm">{parts.join(', ').slice(0, 200)}</span>
    </Banner>
  )
}

function Empty(props: { action: ReactNode }) {
  return (
    <EmptyState icon="wall" title="An empty wall" actions={props.action}>
      Put the logs, progress and outputs of any tasks and the data of devices side by side, from any source.
      Drag panels by their title, pull their edges, and share the address: it holds the layout. This browser
      remembers it.
    </EmptyState>
  )
}
