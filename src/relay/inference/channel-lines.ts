/** A line that is still open may grow this long before it is taken as it is. */
const LONGEST_OPEN = 64 * 1024

/**
 * Turns what a log channel appends into log lines. Text may end inside a line: the open line is shown at once
 * and replaced when more of it comes (a text that begins with `\r` replaces the line before it).
 */
export class ChannelLines {
  #open = ''

  /** Texts for the log, in order. Costs in proportion to `text`. */
  append(text: string): string[] {
    const replaces = this.#open !== ''
    const parts = (this.#open + text).split('\n')
    const open = parts.pop() ?? ''
    const texts = parts.map((part, i) => (i === 0 && replaces ? `\r${part}` : withoutReturns(part)))
    if (open !== '') texts.push(parts.length === 0 && replaces ? `\r${open}` : withoutReturns(open))
    this.#open = visible(open)
    return texts
  }

  /** Forgets the open line: the channel begins anew. */
  reset(): void {
    this.#open = ''
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
