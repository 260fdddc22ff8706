import { useLayoutEffect, useState, type RefObject } from 'react'

const CARD_MIN = 284
export const CARD_GAP = 10

/** How many cards fit beside each other in an element. */
export function useColumns(ref: RefObject<HTMLElement | null>): number {
  const [columns, setColumns] = useState(1)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => {
      setColumns(columnsIn(element.clientWidth))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [ref])
  return columns
}

function columnsIn(width: number): number {
  return Math.max(1, Math.floor((width + CARD_GAP) / (CARD_MIN + CARD_GAP)))
}
