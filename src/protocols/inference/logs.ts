import { LOG_CHANNELS, type LinesChange, type LogChannel, type LogReplacedChange } from './changes.ts'
import { CumulativeText } from './cumulative-text.ts'
import { finiteOf, isRecord, own } from './values.ts'

/**
 * How a `logs` value is meant. `update`: one of a stream; `resumed`: the first after the connection was
 * opened again, which may repeat everything; `whole`: all there is, from a full read.
 */
export type LogMode = 'update' | 'resumed' | 'whole'

export type LogChange = LinesChange | LogReplacedChange

/**
 * The logs of one task, from any of their dialects to appends (inference.sh wire contract §8): a list of entries
 * with cumulative content per type, a list of new lines, or one cumulative text.
 */
export class TaskLogs {
  /** By type; a type with several entries has several texts, in their order. */
  readonly #entries = new Map<LogChannel, CumulativeText[]>()
  #text: CumulativeText | null = null
  #lines: string[] = []
  /** The longest list that one update brought. */
  #longest = 0
  #strings = false

  /** True once logs came as strings: a dialect whose status 8 is not today's. */
  get strings(): boolean {
    return this.#strings
  }

  /** Lets go of what it compares with: nothing more is to come. */
  release(): void {
    this.#entries.clear()
    this.#text = null
    this.#lines = []
  }

  apply(logs: unknown, mode: LogMode): LogChange[] {
    if (typeof logs === 'string') return this.#applyText(logs, mode)
    if (!Array.isArray(logs)) return []
    return [
      ...this.#applyEntries(logs, mode),
      ...this.#applyLines(
        logs.filter((line): line is string => typeof line === 'string'),
        mode,
      ),
    ]
  }

  #applyText(text: string, mode: LogMode): LogChange[] {
    if (text !== '') this.#strings = true
    this.#text ??= new CumulativeText(false)
    const change = this.#text.update(text, mode !== 'update')
    return change ? [asChange('task', change)] : []
  }

  #applyEntries(list: readonly unknown[], mode: LogMode): LogChange[] {
    const byChannel = new Map<LogChannel, string[]>()
    for (const entry of list) {
      if (!isRecord(entry)) continue
      const channel = channelOf(own(entry, 'log_type'))
      const content = own(entry, 'content')
      if (channel === null || typeof content !== 'string') continue
      const contents = byChannel.get(channel)
      if (contents) contents.push(content)
      else byChannel.set(channel, [content])
    }
    return [...byChannel].flatMap(([channel, contents]) => this.#applyChannel(channel, contents, mode))
  }

  #applyChannel(channel: LogChannel, contents: readonly string[], mode: LogMode): LogChange[] {
    const texts = this.#entries.get(channel) ?? []
    this.#entries.set(channel, texts)
    const changes = contents.map((content, index) =>
      (texts[index] ??= new CumulativeText(true)).update(content, mode !== 'update'),
    )
    if (contents.length > 1 && changes.some((change) => change?.kind === 'replaced')) {
      // Rare: several entries of one type, one of which began anew. The channel is told whole.
      const anew = contents.map((content) => new CumulativeText(true).update(content, true)?.text ?? '')
      return [{ k: 'log-replaced', channel, text: anew.join('') }]
    }
    return changes.flatMap((change) => (change ? [asChange(channel, change)] : []))
  }

  #applyLines(list: readonly string[], mode: LogMode): LogChange[] {
    if (list.length === 0) return []
    this.#strings = true
    const known = this.#lines
    const repeats =
      mode === 'whole' ||
      (known.length > 0 && mode === 'resumed') ||
      // A list of new lines does not begin with all the old ones, if they are too many for one update.
      (known.length > 1 && list.length > this.#longest)
    if (repeats && list.length >= known.length && known.every((line, index) => line === list[index])) {
      this.#lines = [...list]
      return told(list.slice(known.length))
    }
    if (mode === 'whole') {
      this.#lines = [...list]
      return [{ k: 'log-replaced', channel: 'task', text: list.map(ended).join('') }]
    }
    this.#longest = Math.max(this.#longest, list.length)
    for (const line of list) known.push(line)
    return told(list)
  }
}

function told(lines: readonly string[]): LogChange[] {
  return lines.length > 0 ? [{ k: 'lines', channel: 'task', text: lines.map(ended).join('') }] : []
}

function ended(line: string): string {
  return line.endsWith('\n') ? line : `${line}\n`
}

function asChange(channel: LogChannel, { kind, text }: { kind: 'appended' | 'replaced'; text: string }) {
  return { k: kind === 'appended' ? 'lines' : 'log-replaced', channel, text } as LogChange
}

/** The channel of a log type; null for what is no type. */
export function channelOf(type: unknown): LogChannel | null {
  if (typeof type === 'string') {
    const named = LOG_CHANNELS.find((channel) => channel === type)
    if (named) return named
  }
  const number = typeof type === 'string' && /^\d{1,6}$/.test(type) ? Number(type) : finiteOf(type)
  if (number === null || !Number.isInteger(number) || number < 0) return null
  return LOG_CHANNELS[number] ?? `type ${number}`
}

/** What the content of one log entry says, without any history: for a log that is read once. */
export function logText(content: string): string {
  return new CumulativeText(true).update(content, true)?.text ?? ''
}
