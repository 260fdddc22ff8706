import { useEffect, useRef, useState, type Dispatch, type SetStateAction } from 'react'
import { draftBefore, isLike, keepDraft } from '#lib/drafts.ts'

/**
 * As `useState` for what a person types: it is there again after `reloadPage`.
 * @param name tells it from all others on the page
 * @param isFit whether what was kept can be used; without it: whether it has the shape of the initial value
 */
export function useDraft<T>(
  name: string,
  initial: () => T,
  isFit?: (kept: unknown) => kept is T,
): [T, Dispatch<SetStateAction<T>>] {
  const [first] = useState(initial)
  const [value, setValue] = useState<T>(() => {
    const kept = draftBefore(name)
    return (isFit ? isFit(kept) : isLike(kept, first)) ? (kept as T) : first
  })
  const latest = useRef(value)
  useEffect(() => {
    latest.current = value
  })
  useEffect(
    () => keepDraft(name, () => (latest.current === first ? undefined : latest.current)),
    [name, first],
  )
  return [value, setValue]
}
