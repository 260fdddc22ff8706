import type { Daemon } from '../daemon.ts'
import { Device, VirtStreamDevice } from '../device.ts'
import type { DeviceClass, DeviceHost, Method } from '../device.ts'
import { PyError, toFloat, toInt } from '../python-error.ts'
import { PyFloats, PyOpaque, float, rounded, toText } from '../python-json.ts'
import type { PyDict, PyValue } from '../python-json.ts'
import { ADDRESS, deviceClass, instrumentClass } from './device-class.ts'
import { Instrument, StreamingInstrument } from './instrument.ts'

const asText = (value: PyValue | undefined) => toText(value ?? null)

/** Every kind of parameter, every kind of result, and `settle`, which holds up the server (§5.12). */
class TunableLaser extends Instrument {
  #nanometres = 1550
  #milliwatts = 1

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'configure',
        parameters: [
          { name: 'options', type: 'object' },
          { name: 'points', type: 'array', default: null },
          { name: 'averages', type: 'integer', default: 4 },
          { name: 'label', type: 'string', default: 'run' },
        ],
        doc: 'Every JSON kind in one signature; returns what it was given.',
        invoke: ([options = null, points = null, averages = null, label = null]) => ({
          options,
          points,
          averages,
          label,
        }),
      },
      {
        name: 'get_power',
        parameters: [{ name: 'unit', type: 'string', default: 'mW' }],
        doc: 'The output power, in mW or dBm.',
        invoke: ([unit]) => {
          if (unit === 'mW') return float(this.#milliwatts)
          if (unit === 'dBm') return rounded(10 * Math.log10(this.#milliwatts), 3)
          throw new PyError('ValueError', `unknown unit '${asText(unit)}'`, { line: 96, name: 'get_power' })
        },
      },
      {
        name: 'get_wavelength',
        parameters: [],
        doc: 'The wavelength in nm.',
        invoke: () => float(this.#nanometres),
      },
      {
        name: 'not_a_number',
        parameters: [],
        doc: 'NaN: the REST side of the server cannot encode it.',
        invoke: () => float(NaN),
      },
      {
        name: 'raw_spectrum',
        parameters: [],
        doc: 'A NumPy array: the REST side of the server cannot encode it.',
        invoke: () => new PyOpaque('ndarray'),
      },
      {
        name: 'set_power',
        parameters: [{ name: 'milliwatts', type: 'number' }],
        doc: 'Set the output power in mW.',
        invoke: ([milliwatts = null]) => {
          this.#milliwatts = toFloat(milliwatts)
          return null
        },
      },
      {
        name: 'set_wavelength',
        parameters: [
          { name: 'wavelength_nm', type: 'number' },
          { name: 'wait', type: 'boolean', default: false },
        ],
        doc: 'Set the wavelength.\n\nParameters\n----------\nwavelength_nm : float\n    1480 to 1640 nm.\nwait : bool\n    Block for 0.2 s until the cavity is stable.',
        invoke: ([nanometres = null, wait]) => this.#setWavelength(toFloat(nanometres), wait === true),
      },
      {
        name: 'settle',
        parameters: [{ name: 'seconds', type: 'number', default: float(1) }],
        doc: 'Sleep for `seconds` while holding the device (and, through the server, everyone else).',
        invoke: ([seconds = null]) => {
          this.host.loop.block(toFloat(seconds) * 1_000)
          return null
        },
      },
      {
        name: 'spectrum',
        parameters: [{ name: 'points', type: 'integer', default: 101 }],
        doc: 'A list of numbers.',
        invoke: ([points = null]) => spectrum(toInt(points)),
      },
    ]
  }

  #setWavelength(nanometres: number, wait: boolean): PyValue {
    if (nanometres < 1480 || nanometres > 1640) {
      const given = Number.isInteger(nanometres) ? nanometres.toFixed(1) : String(nanometres)
      throw new PyError('ValueError', `wavelength ${given} nm is outside 1480 to 1640 nm`, {
        line: 88,
        name: 'set_wavelength',
      })
    }
    if (wait) this.host.loop.block(200)
    this.#nanometres = nanometres
    return float(nanometres)
  }
}

function spectrum(points: number): PyFloats {
  const values = Array.from({ length: points }, (_, index) => {
    const x = (10 * index) / Math.max(1, points - 1) - 5
    return Number(Math.exp(-x * x).toFixed(6))
  })
  return new PyFloats(values)
}

type Layout = 'matrix' | 'flat' | 'named'

/** Blocks of samples, as nested arrays, one bare array, or named channels. */
class StreamingDaq extends StreamingInstrument {
  #channels = 4
  #samples = 1_000
  #hertz = 10
  #layout: Layout = 'matrix'

  constructor(id: string, host: DeviceHost, layout: Layout = 'matrix') {
    super('StreamingDaq', id, host, 10)
    if (layout !== 'matrix') this.configure(2, layout === 'flat' ? 1 : 3, 1_000, layout)
  }

  configure(hertz: number, channels: number, samples: number, layout: string): void {
    if (layout !== 'matrix' && layout !== 'flat' && layout !== 'named')
      throw new PyError('ValueError', `layout must be matrix, flat or named, not '${layout}'`, {
        line: 154,
        name: 'configure_streaming',
      })
    this.setRate(hertz)
    this.#hertz = hertz
    this.#channels = channels
    this.#samples = samples
    this.#layout = layout
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'configure_streaming',
        parameters: [
          { name: 'rate_hz', type: 'number', default: float(10) },
          { name: 'channels', type: 'integer', default: 4 },
          { name: 'samples', type: 'integer', default: 1_000 },
          { name: 'layout', type: 'string', default: 'matrix' },
        ],
        doc: 'Block rate, number of channels, samples per block and layout of the payload.',
        invoke: ([hertz = null, channels = null, samples = null, layout]) => {
          this.configure(toFloat(hertz), toInt(channels), toInt(samples), asText(layout))
          return null
        },
      },
    ]
  }

  protected override reading(n: number): PyValue {
    const channels = Array.from({ length: this.#channels }, (_, channel) => this.#block(channel))
    if (this.#layout === 'flat') return channels[0] ?? new PyFloats([])
    if (this.#layout === 'matrix') return channels
    return {
      block: n,
      t: rounded(this.host.timers.now() / 1_000, 3),
      sample_rate_hz: float(this.#hertz * this.#samples),
      channels: Object.fromEntries(channels.map((block, channel) => [`ai${channel}`, block])),
    }
  }

  /** One period of a sine with some noise. */
  #block(channel: number): PyFloats {
    const { random } = this.host
    const cycles = channel + 1
    const values = Array.from({ length: this.#samples }, (_, index) => {
      const signal = Math.sin((2 * Math.PI * cycles * index) / this.#samples)
      return Number((signal + random.between(-0.05, 0.05)).toFixed(3))
    })
    return new PyFloats(values)
  }
}

/** A reading a second: just fast enough that no ping is due (§4). */
class Thermometer extends StreamingInstrument {
  constructor(id: string, host: DeviceHost) {
    super('Thermometer', id, host, 1)
  }

  protected override reading(n: number): PyValue {
    return {
      celsius: rounded(21 + Math.sin(n / 10), 3),
      t: rounded(this.host.timers.now() / 1_000, 3),
      n,
    }
  }
}

/** Numbered readings at any rate: shows what is lost and how late the rest is (§5.11). */
class Counter extends StreamingInstrument {
  constructor(id: string, host: DeviceHost, hertz: number) {
    super('Counter', id, host, hertz)
  }

  protected override reading(n: number): PyValue {
    return { n, t: float(this.host.timers.now() / 1_000) }
  }
}

/** Fails to connect, and when used (§3, `connect` and `call`). */
class FlakyDevice extends Instrument {
  override connect(): void {
    throw new PyError('DeviceOperationError', 'no answer from GPIB0::7 after 2.0 s', {
      line: 247,
      name: 'connect',
    })
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'measure',
        parameters: [],
        doc: 'Always fails.',
        invoke: () => {
          throw new PyError('DeviceOperationError', 'interlock open: <b>close the lid</b>', {
            line: 251,
            name: 'measure',
          })
        },
      },
    ]
  }
}

/** Cannot stream. */
class PlainMeter extends Instrument {
  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'read',
        parameters: [],
        doc: 'A voltage.',
        invoke: () => rounded(3.3 + this.host.random.between(-0.01, 0.01), 4),
      },
    ]
  }
}

/** Has no `is_connected` (§5.17). */
class BareSensor extends Device {
  override methods(): readonly Method[] {
    const nothing = () => null
    return [
      { name: 'connect', parameters: [], invoke: nothing },
      { name: 'disconnect', parameters: [], invoke: nothing },
      { name: 'read', parameters: [], invoke: () => rounded(this.host.random.between(0, 1), 4) },
    ]
  }
}

const ODD_MODES = ['refuse', 'nan', 'text', 'scalar', 'encode'] as const
type OddMode = (typeof ODD_MODES)[number]

/** Streams what clients do not expect; `set_mode` chooses (§4, §5.15). */
class OddStreamer extends StreamingInstrument {
  #mode: OddMode = 'refuse'

  constructor(id: string, host: DeviceHost) {
    super('OddStreamer', id, host, 1)
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'set_mode',
        parameters: [{ name: 'mode', type: 'string' }],
        doc: 'refuse, nan, text, scalar or encode.',
        invoke: ([mode]) => {
          const known = ODD_MODES.find((each) => each === mode)
          if (!known) throw new PyError('ValueError', `unknown mode '${asText(mode)}'`)
          this.#mode = known
          return null
        },
      },
    ]
  }

  protected override checkReady(): void {
    if (this.#mode === 'refuse') throw new PyError('DeviceOperationError', 'detector not armed')
  }

  protected override reading(n: number): PyValue {
    switch (this.#mode) {
      case 'nan':
        return { n, value: float(NaN), up: float(Infinity), down: float(-Infinity), ok: float(1.5) }
      case 'text':
        return 'just a string, line one\nline two'
      case 'encode':
        return new PyOpaque('float32')
      default:
        return n
    }
  }
}

/** A default of infinity makes the whole method list unreadable (§3). */
class InfiniteDefault extends Instrument {
  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'wait',
        parameters: [{ name: 'timeout', type: 'number', default: float(Infinity) }],
        doc: 'Wait.',
        invoke: () => null,
      },
    ]
  }
}

/** The device types of the recordings, under the names they are registered with. */
export const benchDeviceClasses: readonly (readonly [string, DeviceClass])[] = [
  instrumentClass('TunableLaser', (id, host, ...rest) => new TunableLaser('TunableLaser', id, host, ...rest)),
  deviceClass(
    'StreamingDaq',
    [ADDRESS, { name: 'layout', type: 'string', default: 'matrix' }],
    (id, [, layout], host) =>
      new StreamingDaq(id, host, layout === 'flat' || layout === 'named' ? layout : 'matrix'),
  ),
  deviceClass('Thermometer', [ADDRESS], (id, _args, host) => new Thermometer(id, host)),
  deviceClass(
    'Counter',
    [{ name: 'rate_hz', type: 'number', default: float(10) }],
    (id, [hertz = null], host) => new Counter(id, host, toFloat(hertz)),
  ),
  instrumentClass('FlakyDevice', (id, host) => new FlakyDevice('FlakyDevice', id, host)),
  instrumentClass('PlainMeter', (id, host, ...rest) => new PlainMeter('PlainMeter', id, host, ...rest)),
  deviceClass('BareSensor', [ADDRESS], (id, _args, host) => new BareSensor('BareSensor', id, host)),
  deviceClass('OddStreamer', [ADDRESS], (id, _args, host) => new OddStreamer(id, host)),
  instrumentClass('InfiniteDefault', (id, host) => new InfiniteDefault('InfiniteDefault', id, host)),
  deviceClass('VirtStreamDevice', [], (id, _args, host) => new VirtStreamDevice(id, host)),
]

/** The devices of a fresh bench, in the order of the recordings. */
export function addBenchDevices(daemon: Daemon): void {
  const devices: readonly (readonly [string, string, PyDict])[] = [
    ['laser1', 'TunableLaser', { connected: true }],
    ['laser2', 'TunableLaser', {}],
    ['daq1', 'StreamingDaq', {}],
    ['daq2', 'StreamingDaq', { layout: 'flat' }],
    ['daq3', 'StreamingDaq', { layout: 'named' }],
    ['thermo1', 'Thermometer', {}],
    ['counter1', 'Counter', {}],
    ['flaky1', 'FlakyDevice', {}],
    ['plain1', 'PlainMeter', { connected: true }],
    ['bare1', 'BareSensor', {}],
    ['odd1', 'OddStreamer', {}],
    ['infinite1', 'InfiniteDefault', {}],
  ]
  for (const [id, type, params] of devices) daemon.addDevice(id, type, params)
}
