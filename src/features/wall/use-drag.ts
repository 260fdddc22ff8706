import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react'
import { dropTargetAt, type Box, type DropTarget } from './drop-target.ts'

const THRESHOLD_PX = 5
const EDGE_PX = 56
const SCROLL_PX = 14

export interface Drag {
  /** The panel under way, and where it would go. */
  dragging: string | null
  target: DropTarget | null
  start: (key: string, event: PointerEvent<HTMLElement>) => void
}

/** Dragging a panel by its title row; the wall scrolls at its edges, Escape gives the drag up. */
export function useDrag(
  grid: RefObject<HTMLElement | null>,
  scroller: RefObject<HTMLElement | null>,
  onDrop: (key: string, target: DropTarget) => void,
): Drag {
  const [state, setState] = useState<{ key: string; target: DropTarget | null } | null>(null)
  const drop = useRef(onDrop)
  useEffect(() => {
    drop.current = onDrop
  })

  const start = (key: string, event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || !grid.current) return
    const handle = event.currentTarget
    const from = { x: event.clientX, y: event.clientY }
    const wall = grid.current
    let moving = false
    let target: DropTarget | null = null

    const move = (at: globalThis.PointerEvent) => {
      if (!moving) {
        if (Math.hypot(at.clientX - from.x, at.clientY - from.y) < THRESHOLD_PX) return
        moving = true
        handle.setPointerCapture(at.pointerId)
      }
      at.preventDefault()
      scrollAtEdge(scroller.current, at.clientY)
      const found = dropTargetAt(boxesOf(wall), { x: at.clientX, y: at.clientY }, wall.clientWidth)
      if (found?.key !== target?.key || found?.side !== target?.side || target === null) {
        target = found
        setState({ key, target: found?.key === key ? null : found })
      }
    }
    const end = (keep: boolean) => {
      removeEventListener('pointermove', move)
      removeEventListener('pointerup', up)
      removeEventListener('pointercancel', cancel)
      removeEventListener('keydown', escape, true)
      setState(null)
      if (keep && moving && target && target.key !== key) drop.current(key, target)
    }
    const up = () => {
      end(true)
    }
    const cancel = () => {
      end(false)
    }
    const escape = (pressed: KeyboardEvent) => {
      if (pressed.key !== 'Escape') return
      pressed.stopPropagation()
      pressed.preventDefault()
      end(false)
    }
    addEventListener('pointermove', move)
    addEventListener('pointerup', up)
    addEventListener('pointercancel', cancel)
    addEventListener('keydown', escape, true)
  }

  return { dragging: state?.key ?? null, target: state?.target ?? null, start }
}

function boxesOf(wall: HTMLElement): Box[] {
  const boxes: Box[] = []
  for (const element of wall.querySelectorAll<HTMLElement>('[data-panel]')) {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    boxes.push({ key: element.dataset.panel ?? '', left, top, right, bottom })
  }
  return boxes
}

function scrollAtEdge(scroller: HTMLElement | null, y: number): void {
  if (!scroller) return
  const { top, bottom } = scroller.getBoundingClientRect()
  if (y < top + EDGE_PX) scroller.scrollBy(0, -SCROLL_PX)
  else if (y > bottom - EDGE_PX) scroller.scrollBy(0, SCROLL_PX)
}
