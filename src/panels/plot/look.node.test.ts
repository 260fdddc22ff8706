import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { COLOURS, colourVar, DASHES } from './channel-look.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const css = read('./plot.css')
const theme = read('../../app/theme.css')

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.slice(1).replace(/./g, '$&$&') : hex.slice(1)
  const [r, g, b] = [0, 2, 4].map((at) => {
    const value = parseInt(full.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

/** The value of a variable in the light (0) or dark (1) block of a stylesheet. */
function variable(sheet: string, name: string, dark: number): string {
  return [...sheet.matchAll(new RegExp(`${name}: (#[0-9a-f]+)`, 'g'))][dark]![1]!
}

test.each([
  ['light', 0],
  ['dark', 1],
])('the colours of lines are seen on surfaces of the %s theme', (_, dark) => {
  for (let i = 0; i < COLOURS; i++) {
    const ink = variable(css, colourVar(i), dark)
    for (const surface of ['--panel', '--bg'])
      expect(contrast(ink, variable(theme, surface, dark)), `${colourVar(i)} on ${surface}`).toBeGreaterThan(
        3,
      )
  }
})

test('no two channels of a plot look alike without colour', () => {
  expect(new Set(DASHES.map((dash) => dash.join())).size).toBe(COLOURS)
})
