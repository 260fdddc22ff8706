import type { ChannelRole } from './device-events.ts'

/**
 * Stands for a NaN where text was parsed by a parser that has no word for it. In arrays any string counts as
 * NaN; alone, this one does.
 */
export const NAN_MARK = '\u0000NaN'

/** A message of a device, taken apart into named channels. */
export interface Reading {
  numbers: [name: string, value: number][]
  arrays: [name: string, values: Float64Array][]
  states: [name: string, value: string | boolean][]
  images: [name: string, url: string][]
  /** Names that stand for nothing in this message. */
  nulls: string[]
}

/** Channels taken from one message, and how deep it is looked into; the rest is for the tree to show. */
const MOST_CHANNELS = 256
const DEPTH = 5
/** Rows that are channels; more of them are a picture or a list of points, for the tree to show. */
const MOST_ROWS = 64
/** Short lists inside a message are a few values (a position), not a waveform. */
const FEW = 4
/** Longer strings are texts to read, not states. */
const STATE_LENGTH = 120
const DATE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/

/**
 * Takes a message apart: numbers, arrays of numbers, strings and booleans, pictures, each under its path.
 * What is none of them is left out. What is no number among the numbers of an array becomes NaN. Also takes
 * the documented envelope `{device_id, …, payload}` (LabDaemon wire contract §6).
 */
export function readMessage(body: unknown): Reading {
  const reading: Reading = { numbers: [], arrays: [], states: [], images: [], nulls: [] }
  if (isRecord(body) && 'payload' in body && 'device_id' in body) read(reading, '', body['payload'], 0)
  else read(reading, '', body, 0)
  return reading
}

function read(reading: Reading, name: string, value: unknown, depth: number): void {
  const { numbers, arrays, states, images, nulls } = reading
  if (numbers.length + arrays.length + states.length + images.length >= MOST_CHANNELS) return
  switch (typeof value) {
    case 'number':
      numbers.push([name, value])
      return
    case 'boolean':
      states.push([name, value])
      return
    case 'string':
      if (value === NAN_MARK) numbers.push([name, Number.NaN])
      else if (value.startsWith('data:image/')) images.push([name, value])
      else if (value.length <= STATE_LENGTH && !DATE.test(value)) states.push([name, value])
      return
    case 'object':
      break
    default:
      return
  }
  if (value === null) nulls.push(name)
  else if (Array.isArray(value)) readArray(reading, name, value, depth)
  else if (depth < DEPTH)
    for (const key of Object.keys(value))
      read(reading, name === '' ? key : `${name}.${key}`, (value as Record<string, unknown>)[key], depth + 1)
}

function readArray(reading: Reading, name: string, items: readonly unknown[], depth: number): void {
  if (items.length === 0) return
  if (Array.isArray(items[0]) && items.every(Array.isArray)) {
    if (depth < DEPTH && items.length <= MOST_ROWS)
      for (const [i, item] of items.entries()) readArray(reading, `${name}[${i}]`, item, DEPTH)
    return
  }
  const values = new Float64Array(items.length)
  let known = 0
  for (let i = 0; i < items.length; i++) {
    const item = items[i]
    if (typeof item === 'number') {
      values[i] = item
      known += 1
    } else if (item === null || typeof item === 'string' || typeof item === 'boolean') values[i] = Number.NaN
    else return
  }
  if (known * 2 < items.length) return
  if (items.length <= FEW && depth > 0 && depth < DEPTH)
    for (let i = 0; i < items.length; i++) reading.numbers.push([`${name}[${i}]`, values[i]!])
  else reading.arrays.push([name, values])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const COUNTER =
  /^(n|i|idx|index|count|counter|block|seq|sequence|frame|step)([_ ]?(no|nr|num|number|id|idx|index|count))?$/i
/** Where a task stands, by the convention of LabDaemon wire contract §4. */
const PROGRESS = /^(total|progress_percent)$/
const TIME = /^(t|ts|time|timestamp|unix_?time|epoch)(_(s|ms))?$/i
const RATE = /^(sample_?rate|sampling_?rate|fs|sps)(_hz)?$/i

/** What a number is for, by the last part of its name. */
export function roleOf(name: string, value: number): ChannelRole {
  const leaf = name.slice(name.lastIndexOf('.') + 1)
  if (COUNTER.test(leaf) && Number.isInteger(value)) return 'counter'
  if (PROGRESS.test(leaf)) return 'counter'
  if (TIME.test(leaf) && timeOf(value) !== null) return 'time'
  if (RATE.test(leaf) && value > 0) return 'rate'
  return 'value'
}

/** A device's own time as ms since epoch: seconds or milliseconds of this century; else null. */
export function timeOf(value: number): number | null {
  if (value > 946_684_800 && value < 4_102_444_800) return value * 1_000
  if (value > 946_684_800_000 && value < 4_102_444_800_000) return value
  return null
}

const UNITS: Readonly<Record<string, string>> = {
  celsius: '°C',
  degc: '°C',
  c: '°C',
  kelvin: 'K',
  k: 'K',
  percent: '%',
  pct: '%',
  hz: 'Hz',
  khz: 'kHz',
  mhz: 'MHz',
  ghz: 'GHz',
  nm: 'nm',
  um: 'µm',
  mm: 'mm',
  cm: 'cm',
  s: 's',
  ms: 'ms',
  us: 'µs',
  ns: 'ns',
  v: 'V',
  mv: 'mV',
  uv: 'µV',
  volt: 'V',
  volts: 'V',
  a: 'A',
  ma: 'mA',
  ua: 'µA',
  w: 'W',
  mw: 'mW',
  uw: 'µW',
  dbm: 'dBm',
  db: 'dB',
  pa: 'Pa',
  kpa: 'kPa',
  bar: 'bar',
  mbar: 'mbar',
  torr: 'Torr',
  ohm: 'Ω',
  ohms: 'Ω',
  deg: '°',
  degrees: '°',
  rad: 'rad',
  rpm: 'rpm',
  g: 'g',
  kg: 'kg',
  t: 'T',
  mt: 'mT',
}
/** Units that are also names of their own: `celsius` alone says it, `t` or `a` alone do not. */
const WORDS = /^(celsius|kelvin|percent|dbm|db|mbar|bar|torr|pa|hz|volts?|rpm)$/i

/** The unit in a name ("power_mw" → "mW"); null when there is none. */
export function unitOf(name: string): string | null {
  const leaf = name.slice(name.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '')
  if (WORDS.test(leaf)) return UNITS[leaf.toLowerCase()] ?? null
  const suffix = /[_ ]([A-Za-z]+)$/.exec(leaf)?.[1]
  return suffix ? (UNITS[suffix.toLowerCase()] ?? null) : null
}
