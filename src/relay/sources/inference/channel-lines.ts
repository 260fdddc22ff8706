import { detached } from '#lib/detached.ts'
import { OPEN_LINES, type LogLineKind } from '#model/log-buffer.ts'
import { replacing } from '#model/log-text.ts'
import { Terminal, TERMINAL_ROWS } from '#model/terminal.ts'

/** Open lines up to this length are told with every piece; longer ones cost too much for that. */
const TOLD_AT_ONCE = 512
/** How often at most a long open line is told, ms. */
export const HELD_MS = 200
/** A line that so many others stand after is not replaced any more; the rest of those open is for what is not counted. */
const REACH = (TERMINAL_ROWS + OPEN_LINES) / 2

/** How many lines of a log have been told: which one a text replaces is said by how many came after it. */
export interface LineCounts {
  /** Of the channel's kind. */
  kind: number
  all: number
}

/** Counts the lines of one log, whoever says them. */
export class ToldLines {
  readonly #kinds = new Map<LogLineKind, number>()
  #all = 0

  tell(kind: LogLineKind, lines: number): void {
    this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + lines)
    this.#all += lines
  }

  counts(kind: LogLineKind): LineCounts {
    return { kind: this.#kinds.get(kind) ?? 0, all: this.#all }
  }
}

/**
 * Turns what a log channel appends into log lines. Text may end inside a line: the open line is shown at once, and
 * told anew when more of it comes, or when the program goes back to it. A long one that grows piece by piece is
 * shown a few times a second: `flush` shows what is held back.
 */
export class ChannelLines {
  readonly #log: ToldLines
  readonly #kind: LogLineKind
  #terminal = new Terminal()
  /** Where the rows told stand among all lines, from row `#first` on. */
  #places: LineCounts[] = []
  #first = 0
  #shownAt = -Infinity
  #held = false

  constructor(kind: LogLineKind, log: ToldLines) {
    this.#kind = kind
    this.#log = log
  }

  /** True while some of the open line is not shown. */
  get isHolding(): boolean {
    return this.#held
  }

  /**
   * Texts for the log, in order. Costs in proportion to `text`.
   * @param at ms since epoch
   */
  append(text: string, at: number): string[] {
    if (text === '') return []
    this.#terminal.write(detached(text))
    this.#held = false
    const soon = at - this.#shownAt < HELD_MS
    return this.#take(at, (line, told) => {
      this.#held = told !== null && line.length > TOLD_AT_ONCE && soon
      return this.#held
    })
  }

  /** What was held back of the open line. */
  flush(at: number): string[] {
    if (!this.#held) return []
    this.#held = false
    return this.#take(at)
  }

  /** What is left when no more comes. */
  end(at: number): string[] {
    this.#held = false
    this.#terminal.end()
    return this.#take(at)
  }

  /** Forgets all lines: the channel begins anew. */
  reset(): void {
    this.#terminal = new Terminal()
    this.#places = []
    this.#first = 0
    this.#held = false
  }

  #take(at: number, holds?: (line: string, told: string | null) => boolean): string[] {
    const texts = this.#terminal.take(holds).map(({ row, text }) => {
      if (text.length > TOLD_AT_ONCE) this.#shownAt = at
      const counts = this.#log.counts(this.#kind)
      const place = this.#places[row - this.#first]
      if (place && counts.all - place.all <= REACH) return replacing(counts.kind - 1 - place.kind, text)
      // It is new, or too much has been said since: it is told once more.
      this.#places[row - this.#first] = counts
      this.#log.tell(this.#kind, 1)
      return text
    })
    const beyond = this.#places.length - TERMINAL_ROWS
    if (beyond > 0) {
      this.#places.splice(0, beyond)
      this.#first += beyond
    }
    return texts
  }
}
