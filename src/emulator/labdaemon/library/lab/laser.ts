import type { Random } from '#lib/random.ts'
import type { DeviceHost, Method } from '../../device.ts'
import { float, rounded } from '../../python-json.ts'
import type { PyDict, PyValue } from '../../python-json.ts'
import { documented, oneOf, within } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'

const TUNING_S = 1.5
const LOCKING_S = 1
const HOP_S = 0.8
/** How far a mode hop throws the wavelength, and how often one comes, in readings. */
const HOP_NM = 0.12
const READINGS_PER_HOP = 200
/** Time constants of the power stage and of the heat sink. */
const POWER_S = 0.4
const HEAT_S = 20

/** A value that approaches its target exponentially. */
class Settling {
  #from: number
  #target: number
  #since = -Infinity
  readonly #seconds: number

  constructor(value: number, seconds: number) {
    this.#from = value
    this.#target = value
    this.#seconds = seconds
  }

  set(target: number, now: number): void {
    this.#from = this.at(now)
    this.#target = target
    this.#since = now
  }

  at(now: number): number {
    return this.#target + (this.#from - this.#target) * Math.exp((this.#since - now) / this.#seconds)
  }
}

/** A tunable diode laser that streams its status, loses its lock now and then, and shows what is set. */
export class DiodeLaser extends LabInstrument {
  readonly #random: Random
  readonly #power = new Settling(12, POWER_S)
  readonly #temperature = new Settling(25.6, HEAT_S)
  #enabled = true
  #setpointMw = 12
  #wavelengthNm = 1_550.12
  #tunedAt = 0
  #lockedAt = 0
  #hopOverAt = 0

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('DiodeLaser', id, host, 5, connected, connectSeconds)
    this.#random = host.random.fork()
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'set_power',
        {
          summary: 'Set the output power; it settles within 2 s.',
          parameters: [{ name: 'power_mw', type: 'number', about: 'Power, 0 to 40 mW.' }],
          returns: 'float: the power that was set, in mW.',
        },
        ([power]) => {
          this.#setpointMw = within(power, 'power', 0, 40, 'mW')
          this.#applyPower()
          return float(this.#setpointMw)
        },
      ),
      documented(
        'set_wavelength',
        {
          summary: 'Tune the cavity, after which the laser locks anew.',
          parameters: [
            { name: 'wavelength_nm', type: 'number', about: 'Wavelength, 1480 to 1640 nm.' },
            {
              name: 'wait',
              type: 'boolean',
              default: false,
              about: 'Return when locked, 2.5 s later; the server does nothing else meanwhile.',
            },
          ],
          returns: 'float: the wavelength that was set, in nm.',
        },
        ([wavelength, wait]) => {
          this.#wavelengthNm = within(wavelength, 'wavelength', 1_480, 1_640, 'nm')
          this.#loseLock(TUNING_S)
          if (wait === true) this.host.loop.block(this.host.ms(TUNING_S + LOCKING_S))
          return float(this.#wavelengthNm)
        },
      ),
      documented(
        'enable',
        {
          summary: 'Switch the emission on or off.',
          parameters: [{ name: 'on', type: 'boolean', default: true, about: 'False: off.' }],
        },
        ([on]) => {
          this.#enable(on === true)
          return null
        },
      ),
      documented(
        'read_power',
        {
          summary: 'Measure the output power.',
          parameters: [{ name: 'unit', type: 'string', default: 'mW', about: "'mW' or 'dBm'." }],
          returns: 'float: the power.',
        },
        ([unit]) => {
          const milliwatts = this.#measurePower()
          if (oneOf(unit, 'unit', ['mW', 'dBm']) === 'mW') return rounded(milliwatts, 3)
          return rounded(10 * Math.log10(Math.max(milliwatts, 1e-6)), 2)
        },
      ),
      documented('status', { summary: 'What the stream shows, once.', returns: 'dict: the status.' }, () =>
        this.#status(),
      ),
    ]
  }

  protected override reading(): PyValue {
    const isLocked = this.#state() === 'locked'
    if (isLocked && this.#random.next() * READINGS_PER_HOP < 1) {
      this.#hopOverAt = this.#now() + HOP_S
      this.#loseLock(HOP_S)
    }
    return this.#status()
  }

  /** Seconds of the laser's own time, which runs at the lab's speed. */
  #now(): number {
    return this.host.timers.now() / this.host.ms(1)
  }

  #enable(on: boolean): void {
    if (on === this.#enabled) return
    this.#enabled = on
    this.#applyPower()
    this.#loseLock(0)
  }

  #applyPower(): void {
    const power = this.#enabled ? this.#setpointMw : 0
    this.#power.set(power, this.#now())
    this.#temperature.set(25 + power / 20, this.#now())
  }

  #loseLock(unlockedFor: number): void {
    this.#tunedAt = this.#now() + unlockedFor
    this.#lockedAt = this.#tunedAt + LOCKING_S
  }

  #state(): string {
    const now = this.#now()
    if (!this.#enabled) return 'off'
    if (now < this.#hopOverAt) return 'mode hop'
    if (now < this.#tunedAt) return 'tuning'
    return now < this.#lockedAt ? 'locking' : 'locked'
  }

  #measurePower(): number {
    const power = this.#power.at(this.#now())
    return Math.max(0, power * (1 + this.#random.normal() * 0.002))
  }

  #status(): PyDict {
    const state = this.#state()
    const noise = state === 'locked' ? 0.0004 : 0.02
    const hop = state === 'mode hop' ? HOP_NM : 0
    return {
      power_mw: rounded(this.#measurePower(), 3),
      wavelength_nm: rounded(this.#wavelengthNm + hop + this.#random.normal() * noise, 4),
      temperature_c: rounded(this.#temperature.at(this.#now()) + this.#random.normal() * 0.003, 3),
      locked: state === 'locked',
      state,
    }
  }
}
