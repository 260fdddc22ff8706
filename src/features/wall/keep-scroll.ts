import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react'

/** Moving an element in the document drops what was scrolled in it: brings that back after each move. */
export function useKeepScroll(ref: RefObject<HTMLElement | null>, place: number): void {
  const tops = useRef(new Map<Element, number>())
  useEffect(() => {
    const kept = tops.current
    const save = (event: Event) => {
      if (event.target instanceof Element) kept.set(event.target, event.target.scrollTop)
    }
    const element = ref.current
    element?.addEventListener('scroll', save, { capture: true, passive: true })
    return () => {
      element?.removeEventListener('scroll', save, { capture: true })
    }
  }, [ref])
  useLayoutEffect(() => {
    const kept = tops.current
    for (const [element, top] of kept)
      if (element.isConnected) element.scrollTo({ top, behavior: 'instant' })
      else kept.delete(element)
  }, [place])
}
