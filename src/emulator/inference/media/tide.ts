import { createRandom } from '#lib/random.ts'
import type { Rgb } from '../../shared/png.ts'
import type { Animation } from './gif.ts'
import { mix } from './landscape.ts'

const COLOURS = 64

/** Waves that run through a narrow channel: an animation that loops. */
export function animateTide(seed: number, frames: number, total: number): Animation {
  const width = 256
  const height = 144
  const random = createRandom(seed)
  const waves = Array.from({ length: 6 }, () => ({
    x: random.between(-0.06, 0.06),
    y: random.between(0.02, 0.09),
    turns: random.integer(1, 2),
    phase: random.between(0, 2 * Math.PI),
  }))
  const deep: Rgb = [random.integer(4, 20), random.integer(30, 60), random.integer(70, 110)]
  const palette = Array.from({ length: COLOURS }, (_, index): Rgb => {
    const share = index / (COLOURS - 1)
    const rgb =
      share < 0.7
        ? mix(deep, [60, 170, 190], share / 0.7)
        : mix([60, 170, 190], [250, 255, 252], (share - 0.7) / 0.3)
    return [Math.round(rgb[0]), Math.round(rgb[1]), Math.round(rgb[2])]
  })
  return {
    width,
    height,
    palette,
    frameMs: 60,
    frames: Array.from({ length: frames }, (_, frame) => {
      const turn = (2 * Math.PI * frame) / total
      const pixels = new Uint8Array(width * height)
      // Two by two: the water is smooth, and the file stays small.
      for (let y = 0; y < height; y += 2)
        for (let x = 0; x < width; x += 2) {
          let level = 0
          for (const wave of waves)
            level += Math.sin(x * wave.x + y * wave.y + wave.turns * turn + wave.phase) / waves.length
          const colour = Math.max(0, Math.min(COLOURS - 1, Math.floor((0.5 + level * 0.8) * COLOURS)))
          const at = y * width + x
          pixels[at] = pixels[at + 1] = pixels[at + width] = pixels[at + width + 1] = colour
        }
      return pixels
    }),
  }
}
