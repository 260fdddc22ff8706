import type { RefObject } from 'react'
import { useHotkeys } from '#ui/hotkeys.ts'

/** The keys of the Devices screen; Enter follows the focused link by itself. */
export function useDeviceKeys(filterRef: RefObject<HTMLInputElement | null>): void {
  const go = (step: Step) => (event: KeyboardEvent) => {
    const links = [...document.querySelectorAll<HTMLElement>('[data-device-link]')]
    const here = document.activeElement
      ?.closest('[data-key]')
      ?.querySelector<HTMLElement>('[data-device-link]')
    // Arrows scroll the page until a device has the focus.
    if (!here && event.key.startsWith('Arrow')) return
    const to = here ? neighbour(links, here, step) : links[0]
    if (!to) return
    event.preventDefault()
    to.focus()
  }
  useHotkeys({
    '/': (event) => {
      event.preventDefault()
      filterRef.current?.focus()
      filterRef.current?.select()
    },
    j: go('next'),
    k: go('previous'),
    ArrowRight: go('next'),
    ArrowLeft: go('previous'),
    ArrowDown: go('below'),
    ArrowUp: go('above'),
  })
}

type Step = 'next' | 'previous' | 'below' | 'above'

/** The link one further, or the nearest one of the next row down or up, by where they are drawn. */
function neighbour(links: readonly HTMLElement[], here: HTMLElement, step: Step): HTMLElement | undefined {
  const at = links.indexOf(here)
  if (step === 'next') return links[at + 1]
  if (step === 'previous') return links[at - 1]
  const from = here.getBoundingClientRect()
  const candidates = step === 'below' ? links.slice(at + 1) : links.slice(0, at).reverse()
  let rowTop: number | null = null
  let best: HTMLElement | undefined
  let bestOff = Infinity
  for (const link of candidates) {
    const { top, left } = link.getBoundingClientRect()
    if (Math.abs(top - from.top) < 4) continue
    rowTop ??= top
    if (Math.abs(top - rowTop) >= 4) break
    const off = Math.abs(left - from.left)
    if (off < bestOff) [best, bestOff] = [link, off]
  }
  return best
}
