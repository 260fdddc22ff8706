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

/** The colours that hold now; read once per theme. */
export function currentInks(): Inks {
  return (inks ??= read())
}

/** Calls back when the theme changed. */
export function onInks(listener: () => void): () => void {
  listeners.add(listener)
  observer ??= watch()
  return () => listeners.delete(listener)
}

function watch(): MutationObserver {
  const made = new MutationObserver(() => {
    inks = undefined
    for (const listener of listeners) listener()
  })
  made.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return made
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
