import type { TimeAxis } from './time-axis.ts'

/** The lines' area within the element, px. */
type Box = () => { left: number; top: number; width: number; height: number }

const ZOOM_STEP = 1.25
const PAN_STEP = 0.1
const CURSOR_STEP = 0.01

/** What keys do to a time axis, told beside the plot. */
export const KEYS = 'ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight + - Home Space Escape'

/**
 * Steers a time axis by key. Arrows move, with Shift they move the cursor; + and − zoom; Home goes live; Space
 * pauses or goes live; Escape takes the cursor away.
 * @returns whether the key meant something
 */
export function keyOnAxis(
  axis: TimeAxis,
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const { live, span } = axis.state()
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const way = event.key === 'ArrowLeft' ? -1 : 1
      if (event.shiftKey) axis.setCursor((axis.cursor() ?? (way < 0 ? 1 : 0)) + way * CURSOR_STEP)
      else if (!(live && way > 0)) axis.panBy(way * span * PAN_STEP)
      return true
    }
    case '+':
    case '=':
      zoomAtCursor(axis, 1 / ZOOM_STEP)
      return true
    case '-':
    case '_':
      zoomAtCursor(axis, ZOOM_STEP)
      return true
    case 'Home':
      axis.reset()
      return true
    case ' ':
      if (live) axis.pause()
      else axis.goLive()
      return true
    case 'Escape':
      if (axis.cursor() === null) return false
      axis.setCursor(null)
      return true
    default:
      return false
  }
}

function zoomAtCursor(axis: TimeAxis, factor: number): void {
  axis.zoomBy(factor, axis.cursorTime() ?? undefined)
}

/**
 * Steers a time axis by pointer: move for the cursor, drag to pan, two fingers to zoom, wheel to zoom, double click
 * to reset. The wheel is the plot's only once the pointer moved over it, or with Ctrl: whoever scrolls the page past
 * it goes on scrolling.
 */
export function watchAxisPointer(element: HTMLElement, axis: TimeAxis, box: Box, signal: AbortSignal): void {
  const fingers = new Map<number, number>()
  let armed = false
  let moved = false
  const fraction = (clientX: number) => {
    const { left, width } = box()
    return (clientX - element.getBoundingClientRect().left - left) / width
  }
  const timeAt = (f: number) => {
    const { from, to } = axis.view()
    return from + (to - from) * f
  }
  const on = <K extends keyof HTMLElementEventMap>(
    name: K,
    listener: (event: HTMLElementEventMap[K]) => void,
    passive = true,
  ) => {
    element.addEventListener(name, listener, { signal, passive })
  }

  on('pointerdown', (event) => {
    if (event.button !== 0) return
    fingers.set(event.pointerId, fraction(event.clientX))
    moved = false
  })
  on('pointermove', (event) => {
    const now = fraction(event.clientX)
    const before = fingers.get(event.pointerId)
    if (event.movementX !== 0 || event.movementY !== 0) armed = true
    if (before === undefined) {
      if (event.pointerType !== 'touch') axis.setCursor(now >= 0 && now <= 1 ? now : null)
      return
    }
    const { width } = box()
    // A press that trembles is no drag.
    if (!moved && Math.abs(now - before) * width < 3) return
    if (!moved) element.setPointerCapture(event.pointerId)
    moved = true
    element.dataset['dragging'] = ''
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1]
    if (other === undefined) {
      axis.panBy((before - now) * axis.state().span)
      axis.setCursor(event.pointerType === 'touch' ? null : now)
    } else if (Math.abs(now - other) > 0.02)
      axis.zoomBy(Math.abs(before - other) / Math.abs(now - other), timeAt(other))
    fingers.set(event.pointerId, now)
  })
  const release = (event: PointerEvent) => {
    // A tap sets the cursor that a finger cannot hover.
    if (!moved && event.type === 'pointerup' && event.pointerType === 'touch' && fingers.size === 1)
      axis.setCursor(fraction(event.clientX))
    fingers.delete(event.pointerId)
    if (fingers.size === 0) delete element.dataset['dragging']
  }
  on('pointerup', release)
  on('pointercancel', release)
  on('pointerleave', (event) => {
    armed = false
    if (event.pointerType !== 'touch' && !fingers.has(event.pointerId)) axis.setCursor(null)
  })
  on('dblclick', () => {
    axis.reset()
  })
  on(
    'wheel',
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
      if (!armed && !event.ctrlKey && !sideways && document.activeElement !== element) return
      event.preventDefault()
      const px = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1
      if (sideways) {
        const delta = (event.deltaX || event.deltaY) * px
        axis.panBy((delta / box().width) * axis.state().span)
      } else {
        const factor = Math.exp(Math.max(-1, Math.min(1, (event.deltaY * px) / (event.ctrlKey ? 100 : 400))))
        // A live view keeps its end: zooming in on the newest should not stop it.
        const at = fraction(event.clientX)
        axis.zoomBy(factor, axis.state().live && at > 0.9 ? undefined : timeAt(at))
      }
    },
    false,
  )
}
