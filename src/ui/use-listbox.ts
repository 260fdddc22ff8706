import { isComposing } from './composing.ts'
import { useEffect, useId, useState, type KeyboardEvent } from 'react'

/** Keys and ids of a list that is steered from a text field (ARIA combobox pattern). */
export function useListbox(options: { count: number; open: boolean; onPick: (index: number) => void }) {
  const { count, open, onPick } = options
  const listId = useId()
  const [active, setActive] = useState(-1)
  const at = active < count ? active : count - 1

  const optionId = (index: number) => `${listId}-${index}`
  useEffect(() => {
    if (open && at >= 0) document.getElementById(`${listId}-${at}`)?.scrollIntoView({ block: 'nearest' })
  }, [open, at, listId])

  return {
    active: at,
    setActive,
    listId,
    optionId,
    inputProps: {
      role: 'combobox',
      'aria-expanded': open,
      'aria-controls': listId,
      'aria-autocomplete': 'list',
      'aria-activedescendant': open && at >= 0 ? optionId(at) : undefined,
    } as const,
    /** True when the key was used. */
    onKey(event: KeyboardEvent): boolean {
      if (isComposing(event) || event.ctrlKey || event.metaKey) return false
      const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
      if (step !== 0) {
        event.preventDefault()
        if (count > 0) setActive(at < 0 ? (step > 0 ? 0 : count - 1) : (at + step + count) % count)
        return true
      }
      if (event.key === 'Enter' && open && at >= 0) {
        event.preventDefault()
        onPick(at)
        return true
      }
      return false
    },
  }
}
