import type { Random } from '#lib/random.ts'
import type { DeviceHost, Method } from '../../device.ts'
import { PyError } from '../../python-error.ts'
import { PyFloats, float } from '../../python-json.ts'
import type { PyDict, PyValue } from '../../python-json.ts'
import { documented, oneOf, wholeWithin, within } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'

const DIVISIONS = 10
/** The pulse that is looked at: it rings at 1.2 MHz, dies away in 2 µs and comes every 20 µs. */
const RING_HZ = 1.2e6
const DECAY_S = 2e-6
const PERIOD_S = 20e-6
const PEAK_V = 2.4

/** An oscilloscope on a ringing pulse: each message is a whole record that takes the place of the last. */
export class Oscilloscope extends LabInstrument {
  readonly #random: Random
  #secondsPerDivision = 1e-6
  #points = 1_000
  #triggerV = 0.5
  #slope: 'rising' | 'falling' = 'rising'

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('Oscilloscope', id, host, 5, connected, connectSeconds)
    this.#random = host.random.fork()
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'single',
        {
          summary: 'Arm, wait for a trigger and return one record.',
          returns: 'list: volts, ten divisions of them.',
        },
        () => {
          if (!this.isConnected()) throw new PyError('DeviceNotConnectedError', `${this.id} is not connected`)
          return this.#record()
        },
      ),
      documented(
        'set_timebase',
        {
          summary: 'Set how much time a record shows, from the next one on.',
          parameters: [
            {
              name: 'seconds_per_div',
              type: 'number',
              default: float(1e-6),
              about: 'Time per division, 1e-08 to 1 s; a record has ten.',
            },
            { name: 'points', type: 'integer', default: 1_000, about: 'Samples per record, 10 to 100000.' },
          ],
          returns: 'dict: timebase and sample interval.',
        },
        ([perDivision, points]) => {
          const seconds = within(perDivision, 'timebase', 1e-8, 1, 's')
          this.#points = wholeWithin(points, 'record length', 10, 100_000, 'points')
          this.#secondsPerDivision = seconds
          return this.#timebase()
        },
      ),
      documented(
        'timebase',
        { summary: 'What the time axis of a record is.', returns: 'dict: as set.' },
        () => this.#timebase(),
      ),
      documented(
        'set_trigger',
        {
          summary: 'Set where a record begins; without a crossing it begins anywhere.',
          parameters: [
            { name: 'level_v', type: 'number', default: float(0.5), about: 'Level, -5 to 5 V.' },
            { name: 'slope', type: 'string', default: 'rising', about: "'rising' or 'falling'." },
          ],
        },
        ([level, slope]) => {
          const volts = within(level, 'trigger level', -5, 5, 'V')
          this.#slope = oneOf(slope, 'slope', ['rising', 'falling'])
          this.#triggerV = volts
          return null
        },
      ),
    ]
  }

  protected override reading(): PyValue {
    return this.#record()
  }

  #timebase(): PyDict {
    return {
      seconds_per_div: float(this.#secondsPerDivision),
      divisions: DIVISIONS,
      points: this.#points,
      dt_s: float(this.#interval()),
    }
  }

  #interval(): number {
    return (DIVISIONS * this.#secondsPerDivision) / this.#points
  }

  /** A tenth of the record lies before the trigger. */
  #record(): PyFloats {
    const trigger = this.#triggerTime()
    const interval = this.#interval()
    const begin = trigger - 0.1 * this.#points * interval
    return new PyFloats(
      Array.from({ length: this.#points }, (_, n) =>
        Number((voltsAt(begin + n * interval) + this.#random.normal() * 0.012).toFixed(4)),
      ),
    )
  }

  /** Seconds from the pulse to the first crossing of the level in the wanted direction. */
  #triggerTime(): number {
    const step = 1 / RING_HZ / 200
    for (let seconds = -step; seconds < PERIOD_S / 2; seconds += step) {
      const isBelow = voltsAt(seconds) < this.#triggerV
      const isAbove = voltsAt(seconds + step) >= this.#triggerV
      if (this.#slope === 'rising' ? isBelow && isAbove : !isBelow && !isAbove) return seconds + step
    }
    return this.#random.between(0, PERIOD_S)
  }
}

/** The signal, without noise; a pulse begins at 0. */
function voltsAt(seconds: number): number {
  const since = ((seconds % PERIOD_S) + PERIOD_S) % PERIOD_S
  return PEAK_V * Math.exp(-since / DECAY_S) * Math.sin(2 * Math.PI * RING_HZ * since)
}
