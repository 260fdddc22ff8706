import { createPicture, fillRect, setPixel } from '../../shared/png.ts'
import type { Picture, Rgb } from '../../shared/png.ts'

const PAPER: Rgb = [250, 250, 248]
const GRID: Rgb = [222, 224, 228]
const INKS: readonly Rgb[] = [
  [34, 98, 190],
  [214, 96, 48],
  [40, 140, 92],
]

/** Curves on squared paper, each from its own minimum to its own maximum of all of `range`. */
export function drawChart(
  curves: readonly (readonly number[])[],
  range: readonly [low: number, high: number],
  count: number,
): Picture {
  const width = 640
  const height = 320
  const picture = createPicture(width, height)
  fillRect(picture, 0, 0, width, height, PAPER)
  for (let x = 40; x < width; x += 60) fillRect(picture, x, 10, 1, height - 30, GRID)
  for (let y = 20; y < height - 10; y += 40) fillRect(picture, 30, y, width - 40, 1, GRID)
  const [low, high] = range
  const yOf = (value: number) => Math.round(height - 20 - ((value - low) / (high - low)) * (height - 40))
  curves.forEach((curve, index) => {
    const ink = INKS[index % INKS.length] ?? GRID
    let last: number | undefined
    for (let x = 30; x < width - 10; x++) {
      const at = Math.floor(((x - 30) / (width - 40)) * count)
      const value = curve[at]
      if (value === undefined) break
      const y = yOf(value)
      for (let step = Math.min(y, last ?? y); step <= Math.max(y, last ?? y); step++) {
        setPixel(picture, x, step, ink)
        setPixel(picture, x + 1, step, ink)
      }
      last = y
    }
  })
  return picture
}
