import { panned } from './view.ts'
import type { WavePlot } from './wave-plot.ts'

const ZOOM_STEP = 1.25
const PAN_STEP = 0.1
const CURSOR_STEP = 0.01

function zoomBy(plot: WavePlot, factor: number, fraction: number): void {
  const { from, to } = plot.view
  const anchor = from + (to - from) * fraction
  plot.zoomTo({ from: anchor - (anchor - from) * factor, to: anchor + (to - anchor) * factor })
}

/** Steers a waveform by key: as `keyOnAxis`, over indexes; Home shows all. @returns whether the key meant something */
export function keyOnWave(
  plot: WavePlot,
  event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  const { from, to } = plot.view
  const at = plot.cursor
  switch (event.key) {
    case 'ArrowLeft':
    case 'ArrowRight': {
      const way = event.key === 'ArrowLeft' ? -1 : 1
      if (event.shiftKey) plot.setCursor((at ?? (way < 0 ? 1 : 0)) + way * CURSOR_STEP)
      else if (plot.zoom) plot.zoomTo(panned(plot.zoom, way * (to - from) * PAN_STEP))
      return true
    }
    case '+':
    case '=':
      zoomBy(plot, 1 / ZOOM_STEP, at ?? 0.5)
      return true
    case '-':
    case '_':
      zoomBy(plot, ZOOM_STEP, at ?? 0.5)
      return true
    case 'Home':
      plot.zoomTo(null)
      return true
    case 'Escape':
      if (at === null) return false
      plot.setCursor(null)
      return true
    default:
      return false
  }
}

/** Steers a waveform by pointer: as `watchAxisPointer`, over indexes. */
export function watchWavePointer(
  element: HTMLElement,
  plot: WavePlot,
  onCursor: () => void,
  signal: AbortSignal,
): void {
  let armed = false
  let dragged: number | null = null
  const fraction = (clientX: number) => {
    const { left, width } = plot.box
    return (clientX - element.getBoundingClientRect().left - left) / width
  }
  const setCursor = (at: number | null) => {
    plot.setCursor(at)
    onCursor()
  }
  element.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0) return
      dragged = fraction(event.clientX)
      if (event.pointerType !== 'touch') element.setPointerCapture(event.pointerId)
    },
    { signal },
  )
  element.addEventListener(
    'pointermove',
    (event) => {
      const now = fraction(event.clientX)
      if (event.movementX !== 0 || event.movementY !== 0) armed = true
      if (dragged !== null && plot.zoom) {
        const { from, to } = plot.zoom
        plot.zoomTo(panned(plot.zoom, (dragged - now) * (to - from)))
        dragged = now
      }
      setCursor(now >= 0 && now <= 1 ? now : null)
    },
    { signal },
  )
  for (const end of ['pointerup', 'pointercancel'] as const)
    element.addEventListener(end, () => (dragged = null), { signal })
  element.addEventListener(
    'pointerleave',
    (event) => {
      armed = false
      if (event.pointerType !== 'touch') setCursor(null)
    },
    { signal },
  )
  element.addEventListener('dblclick', () => plot.zoomTo(null), { signal })
  element.addEventListener(
    'wheel',
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey
      if (!armed && !event.ctrlKey && !sideways && document.activeElement !== element) return
      event.preventDefault()
      const { from, to } = plot.view
      if (sideways) {
        if (plot.zoom)
          plot.zoomTo(panned(plot.zoom, ((event.deltaX || event.deltaY) / plot.box.width) * (to - from)))
      } else
        zoomBy(
          plot,
          Math.exp(Math.max(-1, Math.min(1, event.deltaY / (event.ctrlKey ? 100 : 400)))),
          Math.min(1, Math.max(0, fraction(event.clientX))),
        )
    },
    { signal, passive: false },
  )
}
