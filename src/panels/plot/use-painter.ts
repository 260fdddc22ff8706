import { useCallback, useEffect, useRef, type RefObject } from 'react'
import { painters, type Painting } from './painters.ts'
import { TextPainter } from './text-painter.ts'

/**
 * Writes into an element outside React: at most every `everyMs` while `moving`, and once after every render.
 * @param write reads what holds when it is called
 */
export function usePainter<E extends HTMLElement>(
  write: (element: E) => void,
  moving: () => boolean,
  everyMs: number,
): { ref: RefObject<E | null>; want: () => void } {
  const ref = useRef<E>(null)
  const latest = useRef({ write, moving })
  const held = useRef<{ painter: TextPainter; painting: Painting }>(null)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const painter = new TextPainter(
      element,
      () => latest.current.write(element),
      () => latest.current.moving(),
      everyMs,
    )
    const painting = painters.add(painter)
    held.current = { painter, painting }
    return () => {
      painting.stop()
      held.current = null
    }
  }, [everyMs])
  const want = useCallback(() => {
    held.current?.painter.want()
    held.current?.painting.request()
  }, [])
  useEffect(() => {
    latest.current = { write, moving }
    want()
  })
  return { ref, want }
}
