import type { Random } from '#lib/random.ts'
import type { DeviceHost, Method } from '../../device.ts'
import { PyError } from '../../python-error.ts'
import { float } from '../../python-json.ts'
import type { PyDict, PyValue } from '../../python-json.ts'
import { documented, oneOf, within } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'

/** A laser's safety chain: booleans and a word, nothing to plot as a curve. */
export class SafetyInterlock extends LabInstrument {
  readonly #random: Random
  #doorOpenUntil = 0
  #waterLowUntil = 0
  #stopPressed = false
  #armed = true

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('SafetyInterlock', id, host, 2, connected, connectSeconds)
    this.#random = host.random.fork()
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented('status', { summary: 'The chain now.', returns: 'dict: as streamed.' }, () =>
        this.#status(),
      ),
      documented(
        'open_door',
        {
          summary: 'Let somebody in; the door closes by itself.',
          parameters: [
            { name: 'seconds', type: 'number', default: float(5), about: 'Open for so long, 0.5 to 600 s.' },
          ],
        },
        ([seconds]) => {
          this.#doorOpenUntil = this.#later(within(seconds, 'time', 0.5, 600, 's'))
          return null
        },
      ),
      documented('press_emergency_stop', { summary: 'Trip the chain until reset.' }, () => {
        this.#stopPressed = true
        return null
      }),
      documented('reset', { summary: 'Release the emergency stop and arm the chain.' }, () => {
        this.#stopPressed = false
        if (!this.#isClosed()) throw new PyError('RuntimeError', `cannot arm: ${this.#reason()}`)
        this.#armed = true
        return null
      }),
    ]
  }

  /** People come in and the cooling water coughs; the chain trips, and is armed again when all is well. */
  protected override reading(): PyValue {
    if (this.#random.next() < 1 / 60) this.#doorOpenUntil = this.#later(this.#random.between(2, 7))
    if (this.#random.next() < 1 / 150) this.#waterLowUntil = this.#later(this.#random.between(1, 4))
    this.#armed = this.#isClosed() && (this.#armed || this.#random.next() < 0.25)
    return this.#status()
  }

  #later(seconds: number): number {
    return this.host.timers.now() + this.host.ms(seconds)
  }

  #isClosed(): boolean {
    return this.#reason() === undefined
  }

  #reason(): string | undefined {
    const now = this.host.timers.now()
    if (this.#stopPressed) return 'emergency stop pressed'
    if (now < this.#doorOpenUntil) return 'door open'
    return now < this.#waterLowUntil ? 'no water flow' : undefined
  }

  #status(): PyDict {
    const now = this.host.timers.now()
    const isClosed = this.#isClosed()
    const armed = this.#armed && isClosed
    return {
      door_closed: now >= this.#doorOpenUntil,
      water_flow_ok: now >= this.#waterLowUntil,
      emergency_stop: this.#stopPressed,
      laser_permitted: armed,
      state: armed ? 'armed' : (this.#reason() ?? 'closed, not armed'),
    }
  }
}

/** A beam shutter, as a bare boolean. */
export class Shutter extends LabInstrument {
  #open = false
  #readingsPerTurn = 12

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('Shutter', id, host, 4, connected, connectSeconds)
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'is_open',
        { summary: 'Whether light passes.', returns: 'bool: True when open.' },
        () => this.#open,
      ),
      documented(
        'set_open',
        {
          summary: 'Open or close it, until it turns again by itself.',
          parameters: [{ name: 'open', type: 'boolean', default: true, about: 'True to let light pass.' }],
        },
        ([open]) => {
          this.#open = open === true
          return null
        },
      ),
      documented(
        'set_period',
        {
          summary: 'How long it stays open and closed while it streams.',
          parameters: [{ name: 'seconds', type: 'number', default: float(3), about: 'Time, 0.25 to 60 s.' }],
        },
        ([seconds]) => {
          this.#readingsPerTurn = Math.round(within(seconds, 'time', 0.25, 60, 's') * 4)
          return null
        },
      ),
    ]
  }

  protected override reading(n: number): PyValue {
    if (n % this.#readingsPerTurn === this.#readingsPerTurn - 1) this.#open = !this.#open
    return this.#open
  }
}

/** What the sequencer goes through, and for how many readings. */
const PHASES = [
  ['idle', 10],
  ['loading sample', 15],
  ['pumping', 25],
  ['exposing', 30],
  ['reading out', 8],
  ['venting', 12],
] as const
const CYCLE = PHASES.reduce((sum, [, readings]) => sum + readings, 0)

/** A sequencer that says in a bare string what it does. */
export class Sequencer extends LabInstrument {
  #skipped = 0

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('Sequencer', id, host, 5, connected, connectSeconds)
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented('state', { summary: 'What it does now.', returns: 'str: the phase.' }, () =>
        this.#phaseAt(this.pushed),
      ),
      documented(
        'go_to',
        {
          summary: 'Jump to the beginning of a phase.',
          parameters: [
            {
              name: 'phase',
              type: 'string',
              default: 'idle',
              about: 'idle, loading sample, pumping, exposing, reading out or venting.',
            },
          ],
        },
        ([phase]) => {
          this.#goTo(
            oneOf(
              phase,
              'phase',
              PHASES.map(([name]) => name),
            ),
          )
          return null
        },
      ),
    ]
  }

  protected override reading(n: number): PyValue {
    return this.#phaseAt(n)
  }

  #phaseAt(n: number): string {
    let left = (n + this.#skipped) % CYCLE
    for (const [name, readings] of PHASES) {
      if (left < readings) return name
      left -= readings
    }
    return PHASES[0][0]
  }

  #goTo(phase: string): void {
    let begin = 0
    for (const [name, readings] of PHASES) {
      if (name === phase) break
      begin += readings
    }
    const now = (this.pushed + this.#skipped) % CYCLE
    this.#skipped += (begin - now + CYCLE) % CYCLE
  }
}
