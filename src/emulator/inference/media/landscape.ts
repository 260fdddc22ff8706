import { createRandom } from '#lib/random.ts'
import type { Random } from '#lib/random.ts'
import { createPicture, setPixel } from '../../shared/png.ts'
import type { Picture, Rgb } from '../../shared/png.ts'
import { hashOf } from '../ids.ts'

export interface Scene {
  readonly width: number
  readonly height: number
  readonly prompt: string
  readonly seed: number
  /** 0: noise; 1: done. */
  readonly progress: number
}

interface Mood {
  readonly words: RegExp
  readonly sky: readonly [top: Rgb, horizon: Rgb]
  readonly sun: Rgb
  readonly land: Rgb
}

const MOODS: readonly [Mood, ...Mood[]] = [
  {
    words: /dawn|sunrise|morning/i,
    sky: [
      [52, 74, 128],
      [250, 186, 150],
    ],
    sun: [255, 236, 200],
    land: [44, 58, 72],
  },
  {
    words: /night|moon|star/i,
    sky: [
      [6, 10, 34],
      [42, 58, 104],
    ],
    sun: [232, 238, 255],
    land: [10, 16, 28],
  },
  {
    words: /dusk|sunset|evening/i,
    sky: [
      [70, 38, 92],
      [252, 140, 84],
    ],
    sun: [255, 214, 140],
    land: [48, 30, 48],
  },
  {
    words: /storm|flood|rain|winter|fog|snow/i,
    sky: [
      [70, 82, 96],
      [176, 186, 190],
    ],
    sun: [226, 232, 232],
    land: [50, 60, 62],
  },
  {
    words: /./,
    sky: [
      [58, 132, 206],
      [206, 230, 240],
    ],
    sun: [255, 250, 226],
    land: [40, 84, 64],
  },
]

/** A weir in a valley, out of noise: coarse and grainy at first, sharp at the end. */
export function paintLandscape({ width, height, prompt, seed, progress }: Scene): Picture {
  const random = createRandom(hashOf(`${prompt}/${seed}`))
  const mood = MOODS.find(({ words }) => words.test(prompt)) ?? MOODS[0]
  const colourAt = createScene(mood, width / height, random)
  const grain = createRandom(seed + Math.round(progress * 1_000))
  const picture = createPicture(width, height)
  const block = Math.max(1, Math.round(2 ** (5 * (1 - progress))))
  const noise = 150 * (1 - progress) ** 1.6
  for (let y = 0; y < height; y += block)
    for (let x = 0; x < width; x += block) {
      const [red, green, blue] = colourAt((x + block / 2) / height, (y + block / 2) / height)
      const shift = (grain.next() - 0.5) * noise
      const tint = (grain.next() - 0.5) * noise * 0.7
      const rgb: Rgb = [clamp(red + shift + tint), clamp(green + shift), clamp(blue + shift - tint)]
      for (let row = y; row < y + block; row++)
        for (let column = x; column < x + block; column++) setPixel(picture, column, row, rgb)
    }
  return picture
}

/** Colours of the scene; x and y in heights of the picture. */
function createScene(mood: Mood, aspect: number, random: Random): (x: number, y: number) => Rgb {
  const horizon = random.between(0.46, 0.56)
  const sun = { x: random.between(0.2, aspect - 0.2), y: horizon - random.between(0.08, 0.3) }
  const crest = horizon + random.between(0.16, 0.22)
  const ridges = [0.3, 0.55, 0.85].map((depth) => ({
    depth,
    base: horizon - (1 - depth) * random.between(0.08, 0.24),
    line: tabulate(createNoise(random, 2.2 + depth * 4), aspect),
    height: random.between(0.08, 0.2) * (1.2 - depth),
  }))
  const ripple = tabulate(createNoise(random, 18), 12)
  const fall = tabulate(createNoise(random, 60), aspect + 1)
  const sky = (y: number) => mix(mood.sky[0], mood.sky[1], Math.min(1, y / horizon) ** 1.3)
  const glow = (x: number, y: number, rgb: Rgb): Rgb => {
    const distance = Math.hypot(x - sun.x, y - sun.y)
    return mix(rgb, mood.sun, distance < 0.045 ? 1 : 0.55 * Math.exp(-distance * 7))
  }
  const above = (x: number, y: number): Rgb => {
    let rgb = glow(x, y, sky(y))
    for (const ridge of ridges)
      if (y > ridge.base - ridge.line(x) * ridge.height)
        rgb = mix(mood.sky[1], mood.land, 0.25 + 0.75 * ridge.depth)
    return rgb
  }
  return (x, y) => {
    if (y < horizon) return above(x, y)
    const wave = ripple(x * 1.2 + y * 9)
    const bend = crest + 0.02 * Math.sin(x * 1.7)
    if (y < bend) {
      const mirrored = above(x + (wave - 0.5) * 0.02, 2 * horizon - y)
      return mix(mirrored, mood.land, 0.2 + 0.12 * wave)
    }
    if (y < bend + 0.11) {
      const foam = fall(x + 0.3 * fall(x * 0.5 + y * 0.4)) * (1 - Math.abs(y - bend - 0.05) * 6)
      return mix(mix(mood.land, mood.sky[0], 0.4), [244, 248, 250], clampUnit(0.35 + foam * 0.7))
    }
    const churn = ripple(x * 2 + wave) * Math.exp((bend + 0.11 - y) * 8)
    return mix(mix(mood.land, mood.sky[0], 0.35), mood.sun, clampUnit(0.15 * wave + 0.5 * churn))
  }
}

/** Smooth noise from 0 to 1 along one axis. */
function createNoise(random: Random, frequency: number): (x: number) => number {
  const values = Array.from({ length: 256 }, () => random.next())
  const at = (index: number) => values[((index % 256) + 256) % 256] ?? 0
  const octave = (x: number) => {
    const cell = Math.floor(x)
    const part = x - cell
    const smooth = part * part * (3 - 2 * part)
    return at(cell) * (1 - smooth) + at(cell + 1) * smooth
  }
  return (x) =>
    0.6 * octave(x * frequency) +
    0.28 * octave(x * frequency * 2.3 + 17) +
    0.12 * octave(x * frequency * 5.1 + 71)
}

/** The noise looked up instead of worked out, for what is asked at every pixel. */
function tabulate(noise: (x: number) => number, width: number): (x: number) => number {
  const scale = 1_024 / width
  const table = Float32Array.from({ length: 1_025 }, (_, index) => noise(index / scale))
  return (x) => table[Math.max(0, Math.min(1_024, Math.round(x * scale)))] ?? 0
}

export function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2) => from[index] + (to[index] - from[index]) * share
  return [part(0), part(1), part(2)]
}

const clamp = (value: number) => Math.max(0, Math.min(255, Math.round(value)))
const clampUnit = (value: number) => Math.max(0, Math.min(1, value))
