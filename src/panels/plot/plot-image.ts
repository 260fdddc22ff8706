import { currentInks } from './inks.ts'

/** A line as the legend of a picture names it. */
export interface LegendEntry {
  /** Its number in the plot. */
  index: number
  text: string
}

const EDGE = 16
const TITLE = 26
const ROW = 18

/**
 * A plot as a PNG: its canvas with title, range of time and legend, in the colours of the page's theme.
 * @param ratio px of the canvas per px of the page
 */
export async function plotImage(
  plot: HTMLCanvasElement,
  ratio: number,
  words: { title: string; range: string; legend: readonly LegendEntry[] },
): Promise<Blob> {
  const inks = currentInks()
  const family = inks.font.replace(/^\S+ /, '')
  const width = plot.width / ratio
  const rows = legendRows(words.legend, width - 2 * EDGE)
  const canvas = document.createElement('canvas')
  canvas.width = (width + 2 * EDGE) * ratio
  canvas.height = (plot.height / ratio + 2 * EDGE + TITLE + rows.length * ROW) * ratio
  const context = canvas.getContext('2d')!
  context.scale(ratio, ratio)
  context.fillStyle = inks.panel
  context.fillRect(0, 0, width + 2 * EDGE, canvas.height)
  context.textBaseline = 'middle'
  context.fillStyle = inks.ink
  context.font = `600 14px ${family}`
  context.fillText(words.title, EDGE, EDGE + 8)
  context.font = `12px ${family}`
  context.fillStyle = inks.mute
  context.textAlign = 'right'
  context.fillText(words.range, EDGE + width, EDGE + 8)
  context.textAlign = 'left'
  context.drawImage(plot, EDGE, EDGE + TITLE, width, plot.height / ratio)
  const top = EDGE + TITLE + plot.height / ratio + 10
  for (const [r, row] of rows.entries())
    for (const { index, text, x } of row) {
      const y = top + r * ROW
      context.fillStyle = inks.channels[index % inks.channels.length]!
      context.fillRect(EDGE + x, y - 2, 18, 3)
      context.fillStyle = inks.ink
      context.fillText(text, EDGE + x + 24, y)
    }
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob)
      else reject(new Error('the browser made no picture of it'))
    }, 'image/png')
  })
}

/** Places of a legend's entries, row by row, by a width of seven px per letter. */
export function legendRows(legend: readonly LegendEntry[], width: number): (LegendEntry & { x: number })[][] {
  const rows: (LegendEntry & { x: number })[][] = []
  let x = Number.POSITIVE_INFINITY
  for (const entry of legend) {
    const needs = 24 + entry.text.length * 7 + 16
    if (x + needs > width) {
      rows.push([])
      x = 0
    }
    rows.at(-1)!.push({ ...entry, x })
    x += needs
  }
  return rows
}

/** A name for a file: "lab daq1 channels.ai 2026-11-21 140509.png" without what file systems refuse. */
export function fileName(parts: readonly string[], at: number, type: string): string {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ').replaceAll(':', '')
  const name = [...parts, time]
    .join(' ')
    .replace(/[^\p{L}\p{N}._ -]+/gu, '_')
    .replace(/\s+/g, ' ')
    .trim()
  return `${name}.${type}`
}

/** Hands a file to the browser's downloads. */
export function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
