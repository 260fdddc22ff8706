import { useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react'
import { unitsOf } from './drop-target.ts'
import { COLUMNS, type WallPanel } from './layout.ts'

export const ROW_PX = 44
export const GAP_PX = 12

type ResizeAxis = 'w' | 'h' | 'both'

export interface Resize {
  /** The size while it is being dragged. */
  draft: { w: number; h: number } | null
  pointer: (axis: ResizeAxis) => (event: PointerEvent<HTMLElement>) => void
  key: (axis: 'w' | 'h') => (event: KeyboardEvent) => void
}

/** Resizing by pointer (shown while dragged, kept on release, Escape gives it up) and by arrow keys. */
export function useResize(
  panel: WallPanel,
  ref: RefObject<HTMLElement | null>,
  onResize: (size: { w?: number; h?: number }) => void,
): Resize {
  const [draft, setDraft] = useState<Resize['draft']>(null)

  const pointer = (axis: ResizeAxis) => (event: PointerEvent<HTMLElement>) => {
    const grid = ref.current?.parentElement
    const box = ref.current?.getBoundingClientRect()
    if (event.button !== 0 || !grid || !box) return
    event.preventDefault()
    const handle = event.currentTarget
    handle.focus()
    handle.setPointerCapture(event.pointerId)
    const column = (grid.clientWidth - (COLUMNS - 1) * GAP_PX) / COLUMNS
    const start = { x: event.clientX, y: event.clientY }
    let size = { w: panel.w, h: panel.h }
    const move = (at: globalThis.PointerEvent) => {
      size = {
        w: axis === 'h' ? panel.w : unitsOf(box.width + at.clientX - start.x, column, GAP_PX),
        h: axis === 'w' ? panel.h : unitsOf(box.height + at.clientY - start.y, ROW_PX, GAP_PX),
      }
      setDraft(size)
    }
    const end = (keep: boolean) => {
      handle.removeEventListener('pointermove', move)
      handle.removeEventListener('pointerup', up)
      handle.removeEventListener('pointercancel', cancel)
      document.removeEventListener('keydown', escape, true)
      setDraft(null)
      if (keep) onResize(size)
    }
    const up = () => {
      end(true)
    }
    const cancel = () => {
      end(false)
    }
    const escape = (pressed: globalThis.KeyboardEvent) => {
      if (pressed.key !== 'Escape') return
      pressed.stopPropagation()
      pressed.preventDefault()
      end(false)
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('pointerup', up)
    handle.addEventListener('pointercancel', cancel)
    document.addEventListener('keydown', escape, true)
  }

  const key = (axis: 'w' | 'h') => (event: KeyboardEvent) => {
    const less = axis === 'w' ? 'ArrowLeft' : 'ArrowUp'
    const more = axis === 'w' ? 'ArrowRight' : 'ArrowDown'
    const by = event.key === less ? -1 : event.key === more ? 1 : 0
    const to = event.key === 'Home' ? 0 : event.key === 'End' ? 99 : by === 0 ? null : panel[axis] + by
    if (to === null) return
    event.preventDefault()
    onResize({ [axis]: to })
  }

  return { draft, pointer, key }
}
