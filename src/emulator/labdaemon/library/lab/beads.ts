import type { Random } from '#lib/random.ts'
import { createPicture, setPixel } from '../../../shared/png.ts'
import type { Picture, Rgb } from '../../../shared/png.ts'

/** A fluorescent bead under a microscope, going round its own loop; lengths in heights of the picture. */
export interface Bead {
  readonly x: number
  readonly y: number
  readonly reach: number
  readonly radius: number
  /** Loops per second, across and along. */
  readonly turns: readonly [x: number, y: number]
  readonly phase: number
  /** 0 to 1. */
  readonly brightness: number
}

export function scatterBeads(random: Random, count: number): Bead[] {
  return Array.from({ length: count }, () => ({
    x: random.between(0.1, 1.25),
    y: random.between(0.1, 0.9),
    reach: random.between(0.05, 0.2),
    radius: random.between(0.015, 0.045),
    turns: [random.between(0.03, 0.12), random.between(0.03, 0.12)],
    phase: random.next(),
    brightness: random.between(0.4, 1),
  }))
}

/** Black over green to white, coarse enough to stay small when encoded. */
const LEVELS = 32
const COLOURS: readonly Rgb[] = Array.from({ length: LEVELS }, (_, level) => {
  const light = level / (LEVELS - 1)
  return [Math.round(255 * light ** 3), Math.round(255 * light ** 0.8), Math.round(190 * light ** 2)]
})

/** What the camera sees at a time in seconds; `exposure` 1 shows the brightest bead just not saturated. */
export function paintBeads(
  beads: readonly Bead[],
  width: number,
  height: number,
  seconds: number,
  exposure: number,
  grain: Random,
): Picture {
  const light = new Float32Array(width * height)
  for (const bead of beads) addBead(light, width, height, bead, seconds)
  const picture = createPicture(width, height)
  for (let at = 0; at < light.length; at++) {
    const level = (light[at] ?? 0) * exposure * (LEVELS - 1) + 1 + grain.next()
    const colour = COLOURS[Math.min(LEVELS - 1, Math.floor(level))]
    if (colour) setPixel(picture, at % width, Math.floor(at / width), colour)
  }
  return picture
}

function addBead(light: Float32Array, width: number, height: number, bead: Bead, seconds: number): void {
  const angle = (turns: number) => 2 * Math.PI * (turns * seconds + bead.phase)
  const x = (bead.x + bead.reach * Math.sin(angle(bead.turns[0]))) * height
  const y = (bead.y + bead.reach * Math.cos(angle(bead.turns[1]))) * height
  const radius = bead.radius * height
  const edge = 3 * radius
  for (let row = Math.max(0, Math.ceil(y - edge)); row < Math.min(height, y + edge); row++)
    for (let column = Math.max(0, Math.ceil(x - edge)); column < Math.min(width, x + edge); column++) {
      const away = ((column - x) ** 2 + (row - y) ** 2) / (2 * radius * radius)
      const at = row * width + column
      light[at] = (light[at] ?? 0) + bead.brightness * Math.exp(-away)
    }
}
