import type { DeviceHost, Method } from '../../device.ts'
import { PyJson, PyFloats, float, rounded } from '../../python-json.ts'
import type { PyValue } from '../../python-json.ts'
import { documented, oneOf } from './documented.ts'
import { LabInstrument } from './lab-instrument.ts'

/** Readings that `mixed` stays with each kind. */
const READINGS_PER_KIND = 15
/** In `huge`, every so often a reading of this size. */
const READINGS_PER_HUGE = 25
const HUGE_BYTES = 10_000_000

const wave = (n: number, period: number) => rounded(Math.sin((2 * Math.PI * n) / period), 4)

/** Numbers as sensors send them when they fail. */
const STRANGE: readonly PyValue[] = [
  float(NaN),
  float(Infinity),
  float(-Infinity),
  null,
  'overflow',
  float(1e300),
]

const KINDS = {
  /** Channels come, go, and come back under the same name. */
  channels: (n: number) => ({
    a_v: wave(n, 40),
    ...(n % 10 < 7 ? { b_v: wave(n, 25) } : {}),
    ...(n % 6 < 2 ? { [`extra_${n % 3}_v`]: wave(n, 12) } : {}),
  }),
  /** The same channel is now a number, now something else. */
  types: (n: number) => ({
    steady_v: wave(n, 40),
    fickle: [wave(n, 20), 'warming up', true, null, new PyFloats([0.1, 0.2, 0.3]), { inner_v: wave(n, 20) }][
      Math.floor(n / 2) % 6
    ] as PyValue,
  }),
  /** Among numbers, what is none. */
  numbers: (n: number) => ({
    steady_v: wave(n, 40),
    broken_v: n % 3 === 0 ? (STRANGE[Math.floor(n / 3) % STRANGE.length] ?? null) : wave(n, 20),
    samples_v: [wave(n, 9), ...STRANGE, wave(n + 1, 9)],
  }),
  /** Arrays of another length each time, and rows of unequal length. */
  lengths: (n: number) => {
    const row = (length: number) => new PyFloats(Array.from({ length }, (_, at) => wave(at + n, 50).value))
    const length = [0, 1, 1_000, 10, 500, 2, 4_000][n % 7] ?? 0
    return n % 2 === 0 ? row(length) : [row(length), row(Math.floor(length / 2)), row(7)]
  },
  /** Objects in objects in arrays. */
  nested: (n: number) => ({
    motor: {
      x: { position_mm: wave(n, 40), limit: n % 8 === 0 },
      y: { position_mm: wave(n, 30), limit: false },
    },
    'odd key.with [signs] & "quotes"': { '': wave(n, 20), __proto__x: 1 },
    log: [{ level: 'info', text: `reading ${n}` }, [[], {}, [n, [wave(n, 10)]]]],
  }),
  /** The whole reading is now this, now that. */
  wholes: (n: number) =>
    [wave(n, 20), 'a string', n % 4 === 2, null, new PyFloats([1.5, 2.5]), { a_v: wave(n, 20) }, [], {}, n][
      n % 9
    ] as PyValue,
} satisfies Record<string, (n: number) => PyValue>

type Kind = keyof typeof KINDS
const KIND_NAMES = Object.keys(KINDS) as Kind[]
const MODES = ['mixed', ...KIND_NAMES, 'huge'] as const

/** Streams readings that never stay what they were. */
export class Shapeshifter extends LabInstrument {
  #mode: (typeof MODES)[number] = 'mixed'

  constructor(id: string, host: DeviceHost, connected: boolean, connectSeconds: number) {
    super('Shapeshifter', id, host, 5, connected, connectSeconds)
  }

  override methods(): readonly Method[] {
    return [
      ...super.methods(),
      documented(
        'set_mode',
        {
          summary: 'Choose what is streamed, from the next reading on.',
          parameters: [
            {
              name: 'mode',
              type: 'string',
              default: 'mixed',
              about: `${MODES.join(', ')}; mixed takes all but huge in turn, huge sends 10 MB in one of ${READINGS_PER_HUGE} messages.`,
            },
          ],
        },
        ([mode]) => {
          this.#mode = oneOf(mode, 'mode', MODES)
          return null
        },
      ),
      documented('mode', { summary: 'What is streamed.', returns: 'str: the mode.' }, () => this.#mode),
    ]
  }

  protected override reading(n: number): PyValue {
    if (this.#mode === 'huge') return huge(n)
    return KINDS[this.#mode === 'mixed' ? kindAt(n) : this.#mode](n)
  }
}

const kindAt = (n: number): Kind =>
  KIND_NAMES[Math.floor(n / READINGS_PER_KIND) % KIND_NAMES.length] ?? 'channels'

function huge(n: number): PyValue {
  if (n % READINGS_PER_HUGE !== READINGS_PER_HUGE - 1) return { n, a_v: wave(n, 40) }
  const part = Array.from({ length: 1_000 }, (_, at) => (0.5 + Math.sin(at / 160) / 3).toFixed(6)).join(', ')
  return {
    n,
    trace_v: new PyJson(
      () =>
        `[${Array(Math.ceil(HUGE_BYTES / part.length))
          .fill(part)
          .join(', ')}]`,
    ),
  }
}
