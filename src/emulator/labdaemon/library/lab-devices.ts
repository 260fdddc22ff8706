import type { Daemon } from '../daemon.ts'
import type { DeviceClass, DeviceHost, Method } from '../device.ts'
import { toFloat } from '../python-error.ts'
import { float, rounded } from '../python-json.ts'
import type { PyDict, PyValue } from '../python-json.ts'
import { ADDRESS, deviceClass, instrumentClass } from './device-class.ts'
import { Instrument, StreamingInstrument } from './instrument.ts'
import { MicroscopeCamera } from './lab/camera.ts'
import { MultiChannelDaq } from './lab/daq.ts'
import { FlakyInstrument } from './lab/flaky.ts'
import { DiodeLaser } from './lab/laser.ts'
import { Oscilloscope } from './lab/oscilloscope.ts'
import { Shapeshifter } from './lab/shapeshifter.ts'
import { SafetyInterlock, Sequencer, Shutter } from './lab/states.ts'
import { RoomThermometer } from './lab/thermometer.ts'

/** A reading's own part; the time and the number are added. */
type Reading = (n: number, host: DeviceHost) => PyDict

/** A sensor that reads something at its own rate. */
class Sensor extends StreamingInstrument {
  readonly #read: Reading

  constructor(className: string, id: string, host: DeviceHost, hertz: number, read: Reading) {
    super(className, id, host, hertz)
    this.#read = read
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'read',
        parameters: [],
        doc: 'One reading.',
        invoke: () => this.reading(this.pushed),
      },
    ]
  }

  protected override reading(n: number): PyValue {
    return { ...this.#read(n, this.host), t: rounded(this.host.timers.now() / 1_000, 3), n }
  }
}

/** Moves a sample about. */
class MotionStage extends Instrument {
  #x = 0
  #y = 0

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      {
        name: 'home',
        parameters: [],
        doc: 'Go to the reference position.',
        invoke: () => this.#moveTo(0, 0),
      },
      {
        name: 'move_to',
        parameters: [
          { name: 'x_mm', type: 'number' },
          { name: 'y_mm', type: 'number', default: float(0) },
        ],
        doc: 'Move to a position in mm.',
        invoke: ([x = null, y = null]) => this.#moveTo(toFloat(x), toFloat(y)),
      },
      { name: 'position', parameters: [], doc: 'x and y in mm.', invoke: () => this.#position() },
    ]
  }

  #moveTo(x: number, y: number): PyValue {
    this.#x = x
    this.#y = y
    return this.#position()
  }

  #position(): PyValue {
    return [float(this.#x), float(this.#y)]
  }
}

const sensorClass = (name: string, hertz: number, read: Reading): [string, DeviceClass] =>
  deviceClass(name, [ADDRESS], (id, _args, host) => new Sensor(name, id, host, hertz, read))

/** Device types of a lab at work. */
export const labDeviceClasses: readonly (readonly [string, DeviceClass])[] = [
  sensorClass('ClimateChamber', 1, (n, { random }) => ({
    celsius: rounded(85 + 0.4 * Math.sin(n / 40) + random.normal() * 0.02, 2),
    humidity_percent: rounded(30 + 2 * Math.sin(n / 90), 1),
    setpoint_celsius: float(85),
  })),
  sensorClass('PowerMeter', 5, (n, { random }) => ({
    dbm: rounded(-3.4 + 0.3 * Math.sin(n / 30) + random.normal() * 0.01, 3),
    wavelength_nm: float(1550),
  })),
  sensorClass('BeamCamera', 10, (n, { random }) => ({
    frame: n,
    centroid_um: [
      rounded(12 * Math.sin(n / 50) + random.normal(), 2),
      rounded(8 * Math.cos(n / 70) + random.normal(), 2),
    ],
    width_um: rounded(182 + random.normal() * 1.5, 1),
  })),
  sensorClass('VacuumGauge', 1, (n, { random }) => ({
    mbar: float(Number((2e-6 * Math.exp(-n / 4_000) * (1 + random.normal() * 0.01)).toPrecision(4))),
  })),
  instrumentClass(
    'MotionStage',
    (id, host, connected, seconds) => new MotionStage('MotionStage', id, host, connected, seconds),
  ),
  instrumentClass('Oscilloscope', (...given) => new Oscilloscope(...given)),
  instrumentClass('MultiChannelDaq', (...given) => new MultiChannelDaq(...given)),
  instrumentClass('RoomThermometer', (...given) => new RoomThermometer(...given)),
  instrumentClass('MicroscopeCamera', (...given) => new MicroscopeCamera(...given)),
  instrumentClass('DiodeLaser', (...given) => new DiodeLaser(...given)),
  instrumentClass('SafetyInterlock', (...given) => new SafetyInterlock(...given)),
  instrumentClass('Shutter', (...given) => new Shutter(...given)),
  instrumentClass('Sequencer', (...given) => new Sequencer(...given)),
  instrumentClass('Shapeshifter', (...given) => new Shapeshifter(...given)),
  deviceClass(
    'FlakyInstrument',
    [
      ADDRESS,
      { name: 'connect_outcome', type: 'string', default: 'sometimes' },
      { name: 'connect_seconds', type: 'number', default: float(12) },
    ],
    (id, [, outcome = null, seconds = null], host) => new FlakyInstrument(id, host, outcome, seconds),
  ),
]

/** What stands in the lab beside the bench; one oscilloscope takes its time to connect (§5.12). */
export function addLabDevices(daemon: Daemon): void {
  const devices: readonly (readonly [string, string, PyDict])[] = [
    ['chamber1', 'ClimateChamber', {}],
    ['chamber2', 'ClimateChamber', {}],
    ['powermeter1', 'PowerMeter', {}],
    ['camera1', 'BeamCamera', {}],
    ['vacuum1', 'VacuumGauge', {}],
    ['stage1', 'MotionStage', { connected: true }],
    ['scope1', 'Oscilloscope', { connect_seconds: 2.5 }],
    ['daq8', 'MultiChannelDaq', { connected: true }],
    ['thermometer1', 'RoomThermometer', { connected: true }],
    ['camera2', 'MicroscopeCamera', { connected: true }],
    ['scope2', 'Oscilloscope', { connected: true }],
    ['laser3', 'DiodeLaser', { connected: true }],
    ['interlock1', 'SafetyInterlock', { connected: true }],
    ['shutter1', 'Shutter', { connected: true }],
    ['sequencer1', 'Sequencer', { connected: true }],
    ['digitizer1', 'MultiChannelDaq', { connected: true }],
    ['flaky2', 'FlakyInstrument', {}],
    ['flood1', 'Counter', { rate_hz: 5_000 }],
    ['shapeshifter1', 'Shapeshifter', { connected: true }],
  ]
  for (const [id, type, params] of devices) daemon.addDevice(id, type, params)
}
