import { useEffect, useState, type RefObject } from 'react'

type Listener = (near: boolean) => void
const MARGIN = '600px'

const listeners = new WeakMap<Element, Listener>()
let observer: IntersectionObserver | null = null

/** One observer for all panels of the page. */
function observe(element: Element, listener: Listener): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) listeners.get(entry.target)?.(entry.isIntersecting)
    },
    { rootMargin: MARGIN, scrollMargin: MARGIN } as IntersectionObserverInit,
  )
  listeners.set(element, listener)
  observer.observe(element)
  return () => {
    listeners.delete(element)
    observer?.unobserve(element)
  }
}

/**
 * True while an element is on the screen or close to it. What is farther away need not be drawn; what the
 * keyboard stands in stays.
 */
export function useNearScreen(ref: RefObject<Element | null>): boolean {
  const [near, setNear] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    return observe(element, (now) => {
      setNear(now || element.contains(document.activeElement))
    })
  }, [ref])
  return near
}
