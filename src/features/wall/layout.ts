/*
 * The wall's layout: panels in reading order, each some columns wide and some rows high. Pure, and all the
 * page does with a layout goes through here; a docking workspace replaces this module and the grid alone.
 */

import { idOfSegment, segmentOf } from '#lib/segment.ts'
import { panelKind } from '#panels/catalogue.tsx'

/** What a panel shows. */
export interface PanelTarget {
  /** The id of its kind in the catalogue. */
  kind: string
  source: string
  id: string
}

export interface WallPanel extends PanelTarget {
  /** Columns of twelve. */
  w: number
  /** Rows of the grid. */
  h: number
}

export type WallLayout = readonly WallPanel[]

export interface ParsedLayout {
  panels: WallLayout
  /** Parts that could not be read. */
  unread: string[]
}

export const COLUMNS = 12
export const MIN_COLUMNS = 3
export const MIN_ROWS = 3
export const MAX_ROWS = 24
export const MAX_PANELS = 500

/** The name of a panel within a layout: what it shows. */
export function panelKey(target: PanelTarget): string {
  return `${target.kind}:${escape(target.source)}/${escape(target.id)}`
}

/** `log:lab/sweep-1:6x8,progress:lab/x:3x4,device:lab/daq1:6x10` */
export function formatLayout(panels: WallLayout): string {
  return panels.map((panel) => `${panelKey(panel)}:${panel.w}x${panel.h}`).join(',')
}

/** Reads a layout that anybody may have written: sizes are brought into bounds, doubles and nonsense left out. */
export function parseLayout(text: string): ParsedLayout {
  const panels: WallPanel[] = []
  const unread: string[] = []
  const seen = new Set<string>()
  for (const part of text.split(',')) {
    if (part.trim() === '') continue
    const panel = parsePanel(part.trim())
    if (!panel || panels.length >= MAX_PANELS) unread.push(part)
    else if (!seen.has(panelKey(panel))) {
      seen.add(panelKey(panel))
      panels.push(panel)
    }
  }
  return { panels, unread }
}

function parsePanel(part: string): WallPanel | null {
  const match = /^([a-z]+):([^/:,]+)\/([^/:,]+)(?::(\d{1,3})x(\d{1,3}))?$/.exec(part)
  const kind = panelKind(match?.[1] ?? '')
  if (!match || !kind) return null
  const source = unescape(match[2]!)
  const id = unescape(match[3]!)
  if (source === null || id === null) return null
  return sized({ kind: kind.id, source, id, w: Number(match[4] ?? kind.w), h: Number(match[5] ?? kind.h) })
}

/** Adds a panel at the end; one that is there already stays as it is. */
export function addPanel(panels: WallLayout, target: PanelTarget): WallLayout {
  const kind = panelKind(target.kind)
  if (!kind || indexOf(panels, panelKey(target)) >= 0 || panels.length >= MAX_PANELS) return panels
  return [...panels, { ...target, w: kind.w, h: kind.h }]
}

export function closePanel(panels: WallLayout, key: string): WallLayout {
  return panels.filter((panel) => panelKey(panel) !== key)
}

/** Moves a panel so that it comes to stand at `to` in the order; beyond an end means at that end. */
export function movePanel(panels: WallLayout, key: string, to: number): WallLayout {
  const from = indexOf(panels, key)
  const place = Math.min(panels.length - 1, Math.max(0, to))
  const panel = panels[from]
  if (!panel || from === place) return panels
  return panels.toSpliced(from, 1).toSpliced(place, 0, panel)
}

/** Moves a panel before or after another one. */
export function dropPanel(
  panels: WallLayout,
  key: string,
  target: { key: string; side: 'before' | 'after' },
): WallLayout {
  const from = indexOf(panels, key)
  const at = indexOf(panels, target.key)
  if (from < 0 || at < 0 || from === at) return panels
  const gap = at + (target.side === 'after' ? 1 : 0)
  return movePanel(panels, key, gap > from ? gap - 1 : gap)
}

/** Gives a panel another size, brought into bounds. */
export function resizePanel(panels: WallLayout, key: string, size: { w?: number; h?: number }): WallLayout {
  const at = indexOf(panels, key)
  const panel = panels[at]
  if (!panel) return panels
  const next = sized({ ...panel, w: size.w ?? panel.w, h: size.h ?? panel.h })
  return next.w === panel.w && next.h === panel.h ? panels : panels.with(at, next)
}

/** Columns on a screen of middle width: half or whole. */
export function columnsWhenNarrow(w: number): number {
  return w <= COLUMNS / 2 ? COLUMNS / 2 : COLUMNS
}

function sized(panel: WallPanel): WallPanel {
  return { ...panel, w: clamp(panel.w, MIN_COLUMNS, COLUMNS), h: clamp(panel.h, MIN_ROWS, MAX_ROWS) }
}

function indexOf(panels: WallLayout, key: string): number {
  return panels.findIndex((panel) => panelKey(panel) === key)
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, Math.round(value)))
}

/** Only what the layout's own punctuation would confuse is encoded: the rest stays readable. */
function escape(name: string): string {
  return segmentOf(name).replace(/[%/:,\s]/g, (char) => encodeURIComponent(char))
}

function unescape(name: string): string | null {
  try {
    return idOfSegment(decodeURIComponent(name))
  } catch {
    return null
  }
}
