import type { Random } from '#lib/random.ts'

/** What one input of a DAQ sees. */
export interface Signal {
  readonly name: string
  /** Volts at a time in seconds; a function of time alone, so that blocks join without a step. */
  readonly volts: (seconds: number) => number
  /** Standard deviation of the noise on top, in volts. */
  readonly noise: number
}

const SINE_POINTS = 4_096
const SINE = Float64Array.from({ length: SINE_POINTS }, (_, index) =>
  Math.sin((2 * Math.PI * index) / SINE_POINTS),
)

/** The part of a period that has passed after so many periods. */
const phase = (periods: number) => periods - Math.floor(periods)

/** A sine by its periods: looked up, since it is asked some million times a second. */
const sine = (periods: number) => SINE[(phase(periods) * SINE_POINTS) | 0] ?? 0

/** Eight inputs; the chirp takes a whole number of periods per second and so begins anew without a step. */
export const SIGNALS: readonly Signal[] = [
  {
    name: 'mains_hum_v',
    volts: (t) => 0.8 * sine(50 * t) + 0.14 * sine(150 * t) + 0.07 * sine(250 * t),
    noise: 0.02,
  },
  { name: 'pulses_v', volts: (t) => 4 * Math.exp(-phase(20 * t) / 0.16), noise: 0.02 },
  {
    name: 'chirp_v',
    volts: (t) => 3 * sine(6 * phase(t) + 247 * phase(t) ** 2),
    noise: 0.01,
  },
  { name: 'square_v', volts: (t) => (phase(25 * t) < 0.5 ? 5 : 0), noise: 0.015 },
  { name: 'drift_v', volts: (t) => 0.8 + 0.6 * sine(t / 40) + 0.08 * sine(t / 7.3), noise: 0.004 },
  { name: 'noise_v', volts: () => 0, noise: 0.5 },
  {
    name: 'harmonics_v',
    volts: (t) => 2 * sine(120 * t) + 0.9 * sine(240 * t) + 0.5 * sine(360 * t),
    noise: 0.01,
  },
  { name: 'clipped_v', volts: (t) => 12 * sine(35 * t), noise: 0.01 },
]

const NOISE_POINTS = 65_536

/** Normal noise with a standard deviation of 1, drawn once; blocks begin anywhere in it. */
export class Noise {
  readonly #random: Random
  #table: Float32Array | undefined

  constructor(random: Random) {
    this.#random = random
  }

  /** The n-th value of the noise that belongs to a number: the same for the same two. */
  at(key: number, n: number): number {
    this.#table ??= Float32Array.from({ length: NOISE_POINTS }, () => this.#random.normal())
    const from = Math.imul(key + 1, 0x9e3779b1) >>> 16
    return this.#table[(from + n) % NOISE_POINTS] ?? 0
  }
}
