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
/** No device makes so many messages between two: it counts something else now. */
const MOST_MISSED = 1e6
/** Objects are looked into so deep, and so many numbers in each message. */
const DEPTH = 3
const MOST_COUNTERS = 8

interface Counter {
  last: number
  rises: number
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
    for (const counter of this.#counters.values()) counter.last = Number.NaN
  }

  /** Takes the next message, parsed; returns the hole before it. */
  next(body: unknown): Missed | null {
    let hole: Missed | null = null
    for (const [name, value] of countersIn(body)) {
      const counter = this.#counters.get(name)
      if (!counter) {
        if (this.#counters.size < MOST_COUNTERS) this.#counters.set(name, { last: value, rises: 0 })
        continue
      }
      const { last, rises } = counter
      const delta = value - last
      counter.last = value
      if (delta === 1) counter.rises += 1
      // Until it is proven, what does not rise by 1 is no counter of messages. Lower: a new start.
      else if (rises < PROOF) counter.rises = 0
      else if (delta > 1 && delta <= MOST_MISSED)
        hole ??= { name: leafOf(name), from: last + 1, to: value - 1, count: delta - 1 }
    }
    return hole
  }
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
