import type { Random } from '#lib/random.ts'
import type { DeviceHost, Method } from '../../device.ts'
import { PyError } from '../../python-error.ts'
import { PyFloats, float, rounded } from '../../python-json.ts'
import type { PyValue } from '../../python-json.ts'
import { Instrument } from '../instrument.ts'
import { documented, oneOf, within } from './documented.ts'

const CONNECTS = ['works', 'fails', 'hangs'] as const
const MEASURES = ['value', 'raise', 'timeout', 'huge', 'nan'] as const
/** Numbers of a result of 5 MB. */
const HUGE_COUNT = 5e6 / 9

/** What may follow; `sometimes` is drawn each time. */
type Outcome<T extends string> = T | 'sometimes'

/** An instrument on a bad cable: connecting fails or takes for ever, measuring raises, times out or overflows. */
export class FlakyInstrument extends Instrument {
  readonly #random: Random
  #connectOutcome: Outcome<(typeof CONNECTS)[number]>
  #hangSeconds: number
  /** Drawn before the attempt, since its time is asked for first. */
  #next: (typeof CONNECTS)[number]

  constructor(id: string, host: DeviceHost, connectOutcome: PyValue, hangSeconds: PyValue) {
    super('FlakyInstrument', id, host)
    this.#random = host.random.fork()
    this.#connectOutcome = connectOutcomeOf(connectOutcome)
    this.#hangSeconds = hangSecondsOf(hangSeconds)
    this.#next = this.#draw()
  }

  override get connectSeconds(): number {
    if (this.#next === 'hangs') return this.#hangSeconds
    return this.#next === 'fails' ? 1 : 0.3
  }

  override connect(): void {
    const outcome = this.#next
    this.#next = this.#draw()
    if (outcome === 'fails')
      throw new PyError('DeviceOperationError', 'no answer from GPIB0::11 after 1.0 s: check the cable', {
        line: 412,
        name: 'connect',
      })
    super.connect()
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'set_connect_behaviour',
        {
          summary: 'Choose what the next attempts to connect come to.',
          parameters: [
            {
              name: 'outcome',
              type: 'string',
              default: 'sometimes',
              about: "'works', 'fails', 'hangs', or 'sometimes' any of them.",
            },
            {
              name: 'connect_seconds',
              type: 'number',
              default: float(12),
              about:
                'How long it hangs, 0 to 120 s; the server gives up after 30 s and does nothing else until then.',
            },
          ],
        },
        ([outcome = null, seconds = null]) => {
          const connectOutcome = connectOutcomeOf(outcome)
          this.#hangSeconds = hangSecondsOf(seconds)
          this.#connectOutcome = connectOutcome
          this.#next = this.#draw()
          return null
        },
      ),
      documented(
        'measure',
        {
          summary: 'Measure, or not.',
          parameters: [
            {
              name: 'outcome',
              type: 'string',
              default: 'sometimes',
              about:
                "'value': a voltage. 'raise': an error. 'timeout': an error after a while. 'huge': 5 MB of numbers. 'nan': what JSON cannot say. 'sometimes': a value, or in one of three calls an error.",
            },
            {
              name: 'timeout_s',
              type: 'number',
              default: float(2),
              about: 'How long a timeout takes, 0 to 60 s; the server does nothing else until then.',
            },
          ],
          returns: 'float: volts, or a list of them.',
        },
        ([outcome, timeout]) => this.#measure(oneOf(outcome, 'outcome', [...MEASURES, 'sometimes']), timeout),
      ),
    ]
  }

  #draw(): (typeof CONNECTS)[number] {
    if (this.#connectOutcome !== 'sometimes') return this.#connectOutcome
    return this.#random.pick(['works', 'works', 'fails', 'fails', 'hangs'])
  }

  #measure(asked: Outcome<(typeof MEASURES)[number]>, timeout: PyValue | undefined): PyValue {
    const seconds = within(timeout, 'timeout', 0, 60, 's')
    const outcome =
      asked === 'sometimes'
        ? this.#random.pick(['value', 'value', 'value', 'value', 'raise', 'timeout'])
        : asked
    switch (outcome) {
      case 'raise':
        throw new PyError('DeviceOperationError', 'lamp out: <b>open the lid</b> & change it', {
          line: 431,
          name: 'measure',
        })
      case 'timeout':
        this.host.loop.block(seconds * 1_000)
        throw new PyError('DeviceTimeoutError', `${this.id} did not answer within ${seconds.toFixed(1)} s`, {
          line: 436,
          name: 'measure',
        })
      case 'huge':
        return new PyFloats(
          Array.from({ length: HUGE_COUNT }, (_, n) => Number((2 + Math.sin(n / 5_000)).toFixed(6))),
        )
      case 'nan':
        return float(NaN)
      default:
        return rounded(3.3 + this.#random.normal() * 0.01, 4)
    }
  }
}

const connectOutcomeOf = (value: PyValue) => oneOf(value, 'outcome', [...CONNECTS, 'sometimes'])
const hangSecondsOf = (value: PyValue) => within(value, 'time', 0, 120, 's')
