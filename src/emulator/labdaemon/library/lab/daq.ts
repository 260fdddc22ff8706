import type { DeviceHost, Method } from '../../device.ts'
import { PyError } from '../../python-error.ts'
import { PyFloats, PyJson, dumpStream, float, rounded } from '../../python-json.ts'
import type { PyDict, PyValue } from '../../python-json.ts'
import { readingOf, readingText } from './converter.ts'
import { documented, oneOf, wholeWithin, within } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'
import { Noise, SIGNALS } from './signals.ts'
import type { Signal } from './signals.ts'

const LAYOUTS = ['matrix', 'named', 'flat'] as const
const MAX_RATE_HZ = 100_000
const MAX_MESSAGES_HZ = 1_000

interface Sampling {
  readonly sampleRate: number
  readonly samples: number
  readonly channels: number
  readonly layout: (typeof LAYOUTS)[number]
}

/** Samples of all channels, told by where they begin. */
interface Block extends Sampling {
  readonly number: number
  /** Seconds of signal before its first sample. */
  readonly begin: number
  /** When it was read, in seconds of the lab's clock. */
  readonly at: number
}

/** Samples up to eight signals at up to 100,000/s each, and sends them in blocks. */
export class MultiChannelDaq extends LabInstrument {
  readonly #noise: Noise
  #sampling: Sampling = { sampleRate: 10_000, samples: 1_000, channels: 8, layout: 'matrix' }
  #begin = 0

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('MultiChannelDaq', id, host, 10, connected, connectSeconds)
    this.#noise = new Noise(host.random.fork())
  }

  /** Blocks per second; the sample rate follows. */
  override setRate(hertz: number): void {
    const most = Math.min(MAX_MESSAGES_HZ, MAX_RATE_HZ / this.#sampling.samples)
    super.setRate(within(hertz, 'message rate', 0.01, most, 'Hz'))
    this.#sampling = { ...this.#sampling, sampleRate: hertz * this.#sampling.samples }
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'configure_streaming',
        {
          summary: 'Choose rate and layout of the stream, from the next message on.',
          parameters: [
            {
              name: 'sample_rate_hz',
              type: 'number',
              default: float(10_000),
              about: 'Samples per second of each channel, 1 to 100000 Hz.',
            },
            {
              name: 'samples',
              type: 'integer',
              default: 1_000,
              about: 'Samples per channel and message, 1 to 100000; at most 1000 messages a second.',
            },
            { name: 'channels', type: 'integer', default: 8, about: 'How many channels, 1 to 8.' },
            {
              name: 'layout',
              type: 'string',
              default: 'matrix',
              about:
                "'matrix': an array per channel. 'named': an object with block number, sample rate and channels by name. 'flat': the first channel's array alone.",
            },
          ],
          returns: 'dict: what holds from now on.',
        },
        ([rate, samples, channels, layout]) => this.#configure(rate, samples, channels, layout),
      ),
      documented(
        'sampling',
        { summary: 'The rates and the layout that hold.', returns: 'dict: as configured.' },
        () => this.#describe(),
      ),
      documented(
        'channel_names',
        { summary: 'What is connected to the inputs.', returns: 'list: names, in the order of a matrix.' },
        () => SIGNALS.map(({ name }) => name),
      ),
      documented(
        'read_channel',
        {
          summary: 'Read one channel without streaming.',
          parameters: [
            { name: 'channel', type: 'integer', default: 0, about: 'Number of the input, 0 to 7.' },
            { name: 'samples', type: 'integer', default: 200, about: 'How many samples, 1 to 10000.' },
          ],
          returns: 'list: volts, at the configured sample rate.',
        },
        ([channel, samples]) => this.#read(channel, samples),
      ),
    ]
  }

  protected override reading(number: number): PyValue {
    const block = { ...this.#sampling, number, begin: this.#begin, at: this.seconds() }
    this.#begin += block.samples / block.sampleRate
    return new PyJson(() => this.#write(block))
  }

  #configure(
    rate: PyValue | undefined,
    samples: PyValue | undefined,
    channels: PyValue | undefined,
    layout: PyValue | undefined,
  ): PyDict {
    const sampling: Sampling = {
      sampleRate: within(rate, 'sample rate', 1, MAX_RATE_HZ, 'Hz'),
      samples: wholeWithin(samples, 'block length', 1, 100_000, 'samples'),
      channels: wholeWithin(channels, 'number of channels', 1, SIGNALS.length),
      layout: oneOf(layout, 'layout', LAYOUTS),
    }
    const hertz = sampling.sampleRate / sampling.samples
    if (hertz > MAX_MESSAGES_HZ)
      throw new PyError(
        'ValueError',
        `${hertz} messages a second are more than ${MAX_MESSAGES_HZ}: take longer blocks`,
      )
    super.setRate(hertz)
    this.#sampling = sampling
    return this.#describe()
  }

  #describe(): PyDict {
    const { sampleRate, samples, channels, layout } = this.#sampling
    return {
      sample_rate_hz: float(sampleRate),
      samples,
      channels,
      layout,
      messages_per_s: rounded(sampleRate / samples, 3),
    }
  }

  #read(channel: PyValue | undefined, samples: PyValue | undefined): PyFloats {
    const index = wholeWithin(channel, 'channel', 0, SIGNALS.length - 1)
    const length = wholeWithin(samples, 'block length', 1, 10_000, 'samples')
    const signal = SIGNALS[index]
    if (!signal) return new PyFloats([])
    const begin = this.seconds()
    return new PyFloats(
      Array.from({ length }, (_, n) =>
        readingOf(this.#voltsOf(signal, index, begin + n / this.#sampling.sampleRate, 0, n)),
      ),
    )
  }

  #voltsOf(signal: Signal, channel: number, seconds: number, block: number, n: number): number {
    return signal.volts(seconds) + signal.noise * this.#noise.at(block * SIGNALS.length + channel, n)
  }

  #write(block: Block): string {
    const channels = SIGNALS.slice(0, block.layout === 'flat' ? 1 : block.channels)
    const texts = channels.map((signal, index) => this.#writeChannel(signal, index, block))
    if (block.layout === 'flat') return texts[0] ?? '[]'
    if (block.layout === 'matrix') return `[${texts.join(', ')}]`
    return dumpStream({
      block: block.number,
      t: rounded(block.at, 3),
      sample_rate_hz: float(block.sampleRate),
      channels: Object.fromEntries(
        channels.map(({ name }, index) => [name, new PyJson(() => texts[index] ?? '[]')]),
      ),
    })
  }

  #writeChannel(signal: Signal, channel: number, { number, begin, samples, sampleRate }: Block): string {
    const texts: string[] = []
    for (let n = 0; n < samples; n++)
      texts.push(readingText(this.#voltsOf(signal, channel, begin + n / sampleRate, number, n)))
    return `[${texts.join(', ')}]`
  }
}
