import { useSyncExternalStore } from 'react'

/** What a person chose; `system` follows the machine. `public/theme.js` applies the same before the first paint. */
export type ThemeChoice = 'system' | 'light' | 'dark'

const KEY = 'weir:theme'
const CYCLE: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' }
const system = matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()
let choice = read()

/** Follows the machine and other tabs from now on. */
export function watchTheme(): void {
  system.addEventListener('change', apply)
  addEventListener('storage', (event) => {
    if (event.key !== KEY) return
    choice = read()
    apply()
  })
  // Paper is light; canvases are drawn anew for it.
  addEventListener('beforeprint', () => {
    delete document.documentElement.dataset.theme
  })
  addEventListener('afterprint', apply)
  apply()
}

export function cycleTheme(): void {
  choice = CYCLE[choice]
  try {
    if (choice === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, choice)
  } catch {
    // Blocked: it lasts as long as the page.
  }
  apply()
}

export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => choice,
  )
}

function apply(): void {
  const dark = choice === 'dark' || (choice === 'system' && system.matches)
  if (dark) document.documentElement.dataset.theme = 'dark'
  else delete document.documentElement.dataset.theme
  for (const listener of listeners) listener()
}

function read(): ThemeChoice {
  try {
    const kept = localStorage.getItem(KEY)
    return kept === 'dark' || kept === 'light' ? kept : 'system'
  } catch {
    return 'system'
  }
}
