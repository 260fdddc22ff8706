import type { Random } from '#lib/random.ts'
import type { DeviceHost, Method } from '../../device.ts'
import { float, rounded } from '../../python-json.ts'
import type { PyValue } from '../../python-json.ts'
import { documented, within } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'

/** A room whose air conditioning comes and goes, as a bare number in °C ten times a second. */
export class RoomThermometer extends LabInstrument {
  readonly #random: Random
  #offset = 0

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('RoomThermometer', id, host, 10, connected, connectSeconds)
    this.#random = host.random.fork()
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented('read', { summary: 'One reading.', returns: 'float: the temperature in °C.' }, () =>
        this.reading(),
      ),
      documented(
        'set_offset',
        {
          summary: 'Add a correction to every reading from now on.',
          parameters: [
            { name: 'offset_c', type: 'number', default: float(0), about: 'Correction, -5 to 5 °C.' },
          ],
        },
        ([offset]) => {
          this.#offset = within(offset, 'offset', -5, 5, '°C')
          return null
        },
      ),
    ]
  }

  protected override reading(): PyValue {
    const seconds = this.seconds()
    const room = 21.4 + 0.6 * Math.sin(seconds / 95) + 0.15 * Math.sin(seconds / 11)
    return rounded(room + this.#offset + this.#random.normal() * 0.008, 3)
  }
}
