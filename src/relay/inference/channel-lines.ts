/** A line that is still open may grow this long before it is taken as it is. */
const LONGEST_OPEN = 64 * 1024
/** Open lines up to this length are told with every piece; longer ones cost too much for that. */
const TOLD_AT_ONCE = 512
/** How often at most a long open line is told, ms. */
export const HELD_MS = 200

/**
 * Turns what a log channel appends into log lines. Text may end inside a line: the open line is shown at once
 * and replaced when more of it comes (a text that begins with `\r` replaces the line before it). A long one that
 * grows piece by piece is shown a few times a second: `flush` shows what is held back.
 */
export class ChannelLines {
  /** The line that is still open, from what of it is shown on; its returns are not played yet. */
  #open = ''
  /** Some of it is the last line of the log. */
  #shown = false
  #shownAt = -Infinity
  #held = false

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
    const parts = text.split('\n')
    const rest = parts.pop()!
    const texts: string[] = []
    for (const part of parts) {
      texts.push(this.#textOf(this.#open + part))
      this.reset()
    }
    if (rest === '') return texts
    this.#open += rest
    this.#held = true
    const { length } = this.#open
    if (length <= TOLD_AT_ONCE || length > LONGEST_OPEN || at - this.#shownAt >= HELD_MS)
      texts.push(...this.flush(at))
    return texts
  }

  /** What was held back of the open line. */
  flush(at: number): string[] {
    if (!this.#held) return []
    const text = this.#textOf(this.#open)
    this.#open = visible(this.#open)
    this.#shown = this.#open !== ''
    this.#shownAt = at
    this.#held = false
    return [text]
  }

  /** Forgets the open line: the channel begins anew. */
  reset(): void {
    this.#open = ''
    this.#shown = false
    this.#held = false
  }

  #textOf(line: string): string {
    return this.#shown ? `\r${line}` : withoutReturns(line)
  }
}

/** What a terminal shows of a line that is not finished; a return at its end waits for what overwrites it. */
function visible(line: string): string {
  if (line.length > LONGEST_OPEN) return ''
  const shown = line.replace(/\r+$/, '')
  return shown.slice(shown.lastIndexOf('\r') + 1) + (shown.length < line.length ? '\r' : '')
}

/** A new line that begins with a return would replace the one before it. */
function withoutReturns(line: string): string {
  return line.replace(/^\r+/, '')
}
