import type { DeviceClass, DeviceHost, Method } from '../../device.ts'
import { float, rounded } from '../../python-json.ts'
import type { PyDict, PyValue } from '../../python-json.ts'
import { ADDRESS, deviceClass } from '../device-class.ts'
import { StreamingInstrument } from '../instrument.ts'
import { documented } from './documented.ts'

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
      documented('read', { summary: 'One reading.', returns: 'dict: as streamed.' }, () =>
        this.reading(this.pushed),
      ),
    ]
  }

  protected override reading(n: number): PyValue {
    return { ...this.#read(n, this.host), t: rounded(this.host.timers.now() / 1_000, 3), n }
  }
}

const sensorClass = (name: string, hertz: number, read: Reading): [string, DeviceClass] =>
  deviceClass(name, [ADDRESS], (id, _args, host) => new Sensor(name, id, host, hertz, read))

/** Sensors that stream objects of named numbers. */
export const sensorClasses: readonly (readonly [string, DeviceClass])[] = [
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
]
