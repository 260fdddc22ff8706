import { roleOf } from '#model/reading.ts'

/** Messages that a device made and the server did not pass on. */
export interface Missed {
  /** The counter's own name: "block". */
  name: string
  from: number
  to: number
  count: number
}

/** A number is taken for a counter of messages once it has risen by 1 so often in a row. */
const PROOF = 3
/** After so many it is sure: its holes are told at once. */
const SURE = 10
/** Before, a hole is told when so many rises by 1 have followed it. */
const CONFIRMED = 2
/** So many holes without that, one after another, and it is none: a number that happened to rise by 1. */
const MOST_DOUBTS = 2
/** No device makes so many messages between two: it counts something else now. */
const MOST_MISSED = 1e6
/** Objects are looked into so deep, and so many numbers in each message. */
const DEPTH = 3
const MOST_COUNTERS = 8

interface Counter {
  last: number
  /** By 1: in a row until it is proven, in all from then on. */
  rises: number
  /** The same since the last hole. */
  since: number
  /** Holes that are not followed by rises by 1 yet, and how many they are. */
  unsure: Missed[]
  doubts: number
}

/**
 * Finds holes in the messages of a device by a counter among their numbers (`n`, `block`, `frame` …). Ids of
 * the stream tell nothing: they count what was queued, not what was made (LabDaemon wire contract §4, §5.11).
 * Without a proven counter nothing is claimed.
 */
export class CounterGaps {
  #counters = new Map<string, Counter>()

  /** The stream was closed and opened again: a jump is no loss of the server's. */
  interrupted(): void {
    for (const counter of this.#counters.values()) startAnew(counter, Number.NaN)
  }

  /** Takes the next message, parsed; returns the holes before it that are certain now. */
  next(body: unknown): readonly Missed[] {
    let holes: readonly Missed[] = []
    for (const [name, value] of countersIn(body)) {
      const counter = this.#counters.get(name)
      if (counter) {
        const found = step(counter, leafOf(name), value)
        if (holes.length === 0) holes = found
      } else if (this.#counters.size < MOST_COUNTERS)
        this.#counters.set(name, { last: value, rises: 0, since: 0, unsure: [], doubts: 0 })
    }
    return holes
  }
}

/** Moves a counter on; returns the holes that are certain now. */
function step(counter: Counter, name: string, value: number): readonly Missed[] {
  const { last } = counter
  const delta = value - last
  counter.last = value
  if (delta === 1) {
    counter.rises += 1
    counter.since += 1
    if (counter.since < CONFIRMED) return []
    counter.doubts = 0
    return counter.unsure.splice(0)
  }
  if (Number.isNaN(delta)) return []
  if (value === 0 || value === 1 || delta > MOST_MISSED) {
    if (counter.since < PROOF) counter.rises = 0
    startAnew(counter, value)
  } else if (delta < 1 || counter.rises < PROOF || counter.doubts === MOST_DOUBTS) {
    // It counts something else: what was not certain yet is taken back.
    counter.rises = 0
    startAnew(counter, value)
  } else {
    const hole = { name, from: last + 1, to: value - 1, count: delta - 1 }
    counter.since = 0
    counter.doubts += 1
    if (counter.rises >= SURE) return [hole]
    counter.unsure.push(hole)
  }
  return []
}

function startAnew(counter: Counter, value: number): void {
  counter.last = value
  counter.since = counter.doubts = 0
  counter.unsure = []
}

/** "block 40 to 51", of holes that follow each other. */
export function missedText(holes: readonly Missed[]): string {
  const count = holes.reduce((sum, hole) => sum + hole.count, 0)
  const first = holes[0]!
  const { to } = holes.at(-1)!
  const messages = count === 1 ? '1 message not received' : `${count} messages not received`
  if (holes.length > 1) return `${messages} between ${first.name} ${first.from} and ${to}`
  return `${messages}: ${first.name} ${first.from === to ? first.from : `${first.from} to ${to}`}`
}

function countersIn(body: unknown): [name: string, value: number][] {
  const found: [string, number][] = []
  const look = (name: string, value: unknown, depth: number) => {
    if (typeof value === 'number') {
      if (found.length < MOST_COUNTERS && roleOf(name, value) === 'counter') found.push([name, value])
    } else if (depth < DEPTH && typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, item] of Object.entries(value))
        look(name === '' ? key : `${name}.${key}`, item, depth + 1)
  }
  look('', body, 0)
  return found
}

function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1)
}
