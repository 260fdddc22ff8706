import { createRandom } from '#lib/random.ts'
import { encodePng } from '../../../shared/png.ts'
import type { DeviceHost, Method } from '../../device.ts'
import { PyJson, dumpStream, float } from '../../python-json.ts'
import type { PyDict, PyValue } from '../../python-json.ts'
import { paintBeads, scatterBeads } from './beads.ts'
import type { Bead } from './beads.ts'
import { documented, oneOf, wholeWithin, within } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'

const LAYOUTS = ['named', 'url'] as const
/** The exposure that shows the beads just not saturated, in ms. */
const GOOD_EXPOSURE_MS = 20

/** A camera on a microscope: moving beads, as PNG pictures in `data:` URLs. */
export class MicroscopeCamera extends LabInstrument {
  readonly #beads: readonly Bead[]
  readonly #grainSeed: number
  #width = 240
  #height = 180
  #layout: (typeof LAYOUTS)[number] = 'named'
  #exposureMs = GOOD_EXPOSURE_MS

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('MicroscopeCamera', id, host, 5, connected, connectSeconds)
    const random = host.random.fork()
    this.#beads = scatterBeads(random, 14)
    this.#grainSeed = random.integer(0, 0xffffffff)
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'configure_streaming',
        {
          summary: 'Choose rate, size and layout of the frames.',
          parameters: [
            { name: 'rate_hz', type: 'number', default: float(5), about: 'Frames per second, 0.1 to 25 Hz.' },
            { name: 'width', type: 'integer', default: 240, about: 'Width in pixels, 16 to 640.' },
            { name: 'height', type: 'integer', default: 180, about: 'Height in pixels, 16 to 480.' },
            {
              name: 'layout',
              type: 'string',
              default: 'named',
              about: "'named': an object with frame, exposure_ms and image. 'url': the image alone.",
            },
          ],
        },
        ([rate, width, height, layout]) => this.#configure(rate, width, height, layout),
      ),
      documented(
        'set_exposure',
        {
          summary: 'Set the exposure time; longer is brighter.',
          parameters: [
            { name: 'exposure_ms', type: 'number', default: float(20), about: 'Exposure, 0.1 to 200 ms.' },
          ],
        },
        ([exposure]) => {
          this.#exposureMs = within(exposure, 'exposure', 0.1, 200, 'ms')
          return null
        },
      ),
      documented('snapshot', { summary: 'One frame.', returns: 'str: a PNG picture as a data URL.' }, () =>
        this.#paint(this.pushed, this.seconds()),
      ),
    ]
  }

  protected override reading(frame: number): PyValue {
    const seconds = this.seconds()
    const exposure = float(this.#exposureMs)
    if (this.#layout === 'url') return new PyJson(() => dumpStream(this.#paint(frame, seconds)))
    return new PyJson(() =>
      dumpStream({ frame, exposure_ms: exposure, image: this.#paint(frame, seconds) } satisfies PyDict),
    )
  }

  #configure(
    rate: PyValue | undefined,
    width: PyValue | undefined,
    height: PyValue | undefined,
    layout: PyValue | undefined,
  ): null {
    const hertz = within(rate, 'frame rate', 0.1, 25, 'Hz')
    const size = [
      wholeWithin(width, 'width', 16, 640, 'pixels'),
      wholeWithin(height, 'height', 16, 480, 'pixels'),
    ] as const
    this.#layout = oneOf(layout, 'layout', LAYOUTS)
    this.setRate(hertz)
    ;[this.#width, this.#height] = size
    return null
  }

  #paint(frame: number, seconds: number): string {
    const grain = createRandom(this.#grainSeed + frame)
    const exposure = this.#exposureMs / GOOD_EXPOSURE_MS
    const picture = paintBeads(this.#beads, this.#width, this.#height, seconds, exposure, grain)
    return `data:image/png;base64,${base64(encodePng(picture))}`
  }
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8_192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(binary)
}
