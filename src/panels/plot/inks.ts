import { COLOURS, colourVar } from './channel-look.ts'
import './plot.css'

/** Colours of the theme as a canvas needs them. */
export interface Inks {
  panel: string
  ink: string
  mute: string
  faint: string
  line: string
  edge: string
  warn: string
  bad: string
  ok: string
  wait: string
  channels: readonly string[]
  font: string
}

let inks: Inks | undefined
const listeners = new Set<() => void>()
let observer: MutationObserver | undefined

/** The font of labels on a canvas of so many px per px of the page. */
export function scaledFont({ font }: Inks, ratio: number): string {
  return ratio === 1 ? font : font.replace(/^[\d.]+/, (px) => String(Number(px) * ratio))
}

/** The colours that hold now; read once per theme. */
export function currentInks(): Inks {
  return (inks ??= read())
}

/** Calls back when the theme or the screen changed. */
export function onInks(listener: () => void): () => void {
  listeners.add(listener)
  observer ??= watch()
  return () => listeners.delete(listener)
}

function watch(): MutationObserver {
  const changed = () => {
    inks = undefined
    for (const listener of listeners) listener()
  }
  const made = new MutationObserver(changed)
  made.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  watchRatio(changed)
  return made
}

/** A screen of other px: what was drawn for the last is blurred on it. */
function watchRatio(changed: () => void): void {
  const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`)
  query.addEventListener(
    'change',
    () => {
      watchRatio(changed)
      changed()
    },
    { once: true },
  )
}

function read(): Inks {
  const style = getComputedStyle(document.documentElement)
  const of = (name: string) => style.getPropertyValue(name).trim()
  return {
    panel: of('--panel'),
    ink: of('--ink'),
    mute: of('--mute'),
    faint: of('--faint'),
    line: of('--line'),
    edge: of('--edge'),
    warn: of('--warn'),
    bad: of('--bad'),
    ok: of('--ok'),
    wait: of('--wait'),
    channels: Array.from({ length: COLOURS }, (_, i) => of(colourVar(i))),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  }
}
