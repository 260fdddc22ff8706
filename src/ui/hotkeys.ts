import { useEffect, useRef } from 'react'
import { isComposing } from './composing.ts'
import { createStored } from './stored.ts'

/** Single-letter keys can be switched off (they collide with speech input and with some screen readers). */
export const letterKeys = createStored('weir:letter-keys', true, (kept) => kept !== false)

/** `mod+k` is Ctrl on most systems and Command on a Mac; others are names of keys as the browser gives them. */
export type Hotkeys = Record<string, (event: KeyboardEvent) => void>

/**
 * Keys of a screen. Without a modifier they are off in fields and under an open dialog, and single characters
 * also when the person has switched them off.
 */
export function useHotkeys(keys: Hotkeys): void {
  const latest = useRef(keys)
  useEffect(() => {
    latest.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || isComposing(event)) return
      const mod = event.ctrlKey || event.metaKey
      const handler = latest.current[mod ? `mod+${event.key.toLowerCase()}` : event.key]
      if (!handler) return
      if (!mod) {
        if (isField(event.target) || document.querySelector('dialog[open]')) return
        if (event.key.length === 1 && !letterKeys.get()) return
      }
      handler(event)
    }
    document.addEventListener('keydown', press)
    return () => {
      document.removeEventListener('keydown', press)
    }
  }, [])
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target.matches('textarea, select, [role="radio"], [role="tab"], [role="option"]')
  )
    return true
  return target instanceof HTMLInputElement && !['checkbox', 'button'].includes(target.type)
}
