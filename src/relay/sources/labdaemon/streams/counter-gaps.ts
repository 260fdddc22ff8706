import { roleOf } from '#model/reading.ts'
import { Sequence, type Hole } from './sequence.ts'

/** Messages that a device made and the server did not pass on. */
export interface Missed extends Hole {
  /** The counter's own name: "block". */
  name: string
}

/** Objects are looked into so deep, and so many numbers in each message. */
const DEPTH = 3
const MOST_COUNTERS = 8

/**
 * Finds holes in the messages of a device by a counter among their numbers (`n`, `block`, `frame` …). Ids of
 * the stream tell nothing: they count what was queued, not what was made (LabDaemon wire contract §4, §5.11).
 * Without a proven counter nothing is claimed, nor where another one shows that no message is missing.
 */
export class CounterGaps {
  readonly #counters = new Map<string, Sequence>()

  /** The stream was closed and opened again: a jump is no loss of the server's. */
  interrupted(): void {
    for (const counter of this.#counters.values()) counter.jump()
  }

  /** Takes the next message, parsed; returns the holes before it that are certain now. */
  next(body: unknown): readonly Missed[] {
    let holes: readonly Missed[] = []
    const values = countersIn(body)
    const goesOn = values.some(([name, value]) => this.#counters.get(name)?.isNext(value))
    for (const [name, value] of values) {
      let counter = this.#counters.get(name)
      if (!counter && this.#counters.size < MOST_COUNTERS)
        this.#counters.set(name, (counter = new Sequence()))
      if (!counter) continue
      // A number of messages is not the same twice.
      if (counter.last === value) counter.doubt()
      else if (goesOn && !counter.isNext(value)) counter.jump()
      const found = counter.next(value)
      if (holes.length === 0) holes = found.map((hole) => ({ name: leafOf(name), ...hole }))
    }
    return holes
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
