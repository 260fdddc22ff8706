import type { Method } from '../../device.ts'
import { float } from '../../python-json.ts'
import type { PyValue } from '../../python-json.ts'
import { Instrument } from '../instrument.ts'
import { documented, within } from './documented.ts'

const REACH_MM = 50

/** Moves a sample about. */
export class MotionStage extends Instrument {
  #x = 0
  #y = 0

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented('home', { summary: 'Go to the reference position.', returns: 'list: x and y in mm.' }, () =>
        this.#moveTo(0, 0),
      ),
      documented(
        'move_to',
        {
          summary: 'Go to a position.',
          parameters: [
            { name: 'x_mm', type: 'number', about: `Position across, -${REACH_MM} to ${REACH_MM} mm.` },
            {
              name: 'y_mm',
              type: 'number',
              default: float(0),
              about: `Position along, -${REACH_MM} to ${REACH_MM} mm.`,
            },
          ],
          returns: 'list: x and y in mm.',
        },
        ([x, y]) =>
          this.#moveTo(within(x, 'x', -REACH_MM, REACH_MM, 'mm'), within(y, 'y', -REACH_MM, REACH_MM, 'mm')),
      ),
      documented('position', { summary: 'Where it stands.', returns: 'list: x and y in mm.' }, () =>
        this.#position(),
      ),
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
