import { bounded, detached } from '#lib/detached.ts'
import { stringifyExact } from '#lib/exact-json.ts'
import type { LogLineKind } from '#model/log-buffer.ts'
import type { Origin } from '#model/origin.ts'
import { isTerminal, type TaskStatus } from '#model/status.ts'
import type { OutputInfo, OutputPreview, ResultInfo } from '#model/task.ts'
import type { OutcomeEvent, OutputEvent, TaskEvent } from '#model/task-events.ts'
import type { LogChannel, TaskChange } from '#protocols/inference/changes.ts'
import { filesIn } from '#protocols/inference/output.ts'
import { sameJson } from '#protocols/inference/values.ts'
import type { SourceClock } from '../../source-clock.ts'
import { ChannelLines, ToldLines } from './channel-lines.ts'

/** Outputs up to this many characters travel with their event; larger ones are read on demand. */
const INLINE = 64 * 1024
const PREVIEW_CHARS = 4_000
const PREVIEW_TEXT = 280
const LONGEST_URL = 8_192
/** Outputs kept to step back through, the newest among them: how many, and characters in all. */
const KEPT = { revisions: 20, chars: 16 * 1024 * 1024 }
/** Characters of them kept of a task that has ended. */
const ENDED_CHARS = 512 * 1024

type Schema = Readonly<Record<string, unknown>>

const KINDS: Record<string, LogLineKind> = {
  build: 'build',
  run: 'run',
  serve: 'serve',
  setup: 'setup',
  task: 'out',
}

/** Turns what the reader of one task found into events of its record. */
export class TaskEvents {
  readonly #clock: Pick<SourceClock, 'toLocal' | 'toLocalAhead'>
  /** By the service's clock. */
  #createdAt: number | null = null
  readonly #lines = new Map<LogChannel, ChannelLines>()
  readonly #toldLines = new ToldLines()
  readonly #outputs: { revision: number; json: string }[] = []
  #revision: number
  #json: string | null = null
  #error: string | null = null
  #ended: { status: TaskStatus; at: number; origin: Origin } | null = null
  #told = false
  #schema: Schema | null = null
  #newest: OutputEvent | null = null

  /**
   * @param clock turns the service's times into Weir's
   * @param revision number of the newest output that is known already
   */
  constructor(clock: Pick<SourceClock, 'toLocal' | 'toLocalAhead'>, revision = 0) {
    this.#clock = clock
    this.#revision = revision
  }

  /** The service's clock was measured anew: when it began, by what is known now. Null when that is not known. */
  retimed(at: number): TaskEvent | null {
    const startedAt = this.#clock.toLocal(this.#createdAt)
    return startedAt === null ? null : { k: 'meta', at, meta: {}, startedAt }
  }

  /** The app's schema of its output, once `describe` was called. */
  get schema(): Schema | null {
    return this.#schema
  }

  /** The newest output has addresses of which only the app's schema may tell what they are. */
  get isUnsure(): boolean {
    return this.#schema === null && this.#newest !== null && isUnsure(this.#newest.preview, this.#json ?? '')
  }

  /**
   * From now on the schema has a say in what an output's preview is.
   * @returns the newest output anew, where its preview is another one now
   */
  describe(schema: Schema): OutputEvent | null {
    this.#schema = schema
    const newest = this.#newest
    if (newest === null || this.#json === null) return null
    const preview = previewOf(JSON.parse(this.#json), newest.output.provisional, schema)
    if (sameJson(preview, newest.preview)) return null
    this.#newest = { ...newest, preview }
    return this.#newest
  }

  /** The JSON of an output; the newest without a number. Null when it is not kept. */
  output(revision?: number): string | null {
    if (revision === undefined) return this.#json
    return this.#outputs.find((each) => each.revision === revision)?.json ?? null
  }

  /** Characters of outputs held. */
  get chars(): number {
    return this.#outputs.reduce((sum, { json }) => sum + json.length, 0)
  }

  /**
   * The task has ended: earlier outputs are kept as far as they are small.
   * @returns what is to be told of it, where some went
   */
  trim(): OutputEvent | null {
    this.#lines.clear()
    return this.#keepWithin(KEPT.revisions, ENDED_CHARS) ? this.#retold() : null
  }

  /** Lets go of all outputs but what was told of the newest. */
  forget(): OutputEvent | null {
    const held = this.#outputs.length > 1
    this.#outputs.splice(0, this.#outputs.length - 1)
    const told = held ? this.#retold() : null
    this.#outputs.length = 0
    this.#json = null
    return told
  }

  #keepWithin(revisions: number, most: number): boolean {
    const before = this.#outputs.length
    let { chars } = this
    while (this.#outputs.length > 1 && (this.#outputs.length > revisions || chars > most))
      chars -= this.#outputs.shift()!.json.length
    return this.#outputs.length < before
  }

  #retold(): OutputEvent | null {
    const [oldest] = this.#outputs
    if (this.#newest === null || !oldest) return null
    this.#newest = { ...this.#newest, output: { ...this.#newest.output, oldest: oldest.revision } }
    return this.#newest
  }

  /** @param at when it became known, ms since epoch */
  from(changes: readonly TaskChange[], at: number): TaskEvent[] {
    const events: TaskEvent[] = []
    for (const change of changes) this.#take(change, at, events)
    if (this.#ended && !this.#told) {
      this.#told = true
      events.push(...this.#linesOf((lines) => lines.end(at), at), this.#outcome(this.#ended, at))
    }
    return events
  }

  #take(change: TaskChange, at: number, events: TaskEvent[]): void {
    switch (change.k) {
      case 'meta': {
        const { timings: _, app, input, createdAt, ...meta } = change.meta
        this.#createdAt = createdAt ?? this.#createdAt
        const startedAt = this.#clock.toLocal(createdAt ?? null)
        if (meta.runAt !== undefined) meta.runAt = this.#clock.toLocalAhead(meta.runAt)
        events.push({
          k: 'meta',
          at,
          meta,
          ...(app === undefined ? {} : { type: app }),
          ...(input === undefined ? {} : { params: input }),
          ...(startedAt === null ? {} : { startedAt }),
        })
        break
      }
      case 'status': {
        const told = change.clock === 'server' ? this.#clock.toLocal(change.at) : null
        // Without a time of the service's own, it is when Weir came to know.
        const entered = {
          status: change.status,
          at: told ?? at,
          origin: told === null ? 'poll' : 'stream',
        } as const
        const note = change.status === 'unknown' ? { note: `the service says “${String(change.raw)}”` } : {}
        if (isTerminal(change.status)) this.#ended = entered
        else events.push({ k: 'status', ...entered, ...note })
        break
      }
      case 'lines':
        this.#say(change.channel, change.text, at, events)
        break
      case 'log-replaced':
        this.#channel(change.channel).reset()
        this.#remark('note', `the ${change.channel} log was replaced; it now reads:`, at, events)
        this.#say(change.channel, change.text, at, events)
        break
      case 'progress':
        events.push({
          k: 'progress',
          at,
          step: change.step,
          total: change.total,
          percent: change.percent,
          message: null,
          whole: true,
          ...(change.origin === 'log' ? { fromLog: true } : {}),
        })
        break
      case 'output':
        events.push(this.#newOutput(change.value, change.provisional, change.changedFields, at))
        break
      case 'delta-gap':
        this.#toldLines.tell('gap', 1)
        events.push({
          k: 'gap',
          at,
          cause: 'disconnected',
          text:
            change.missed === null
              ? 'pieces of the text were not received'
              : `${change.missed} pieces of the text were not received`,
          missed: null,
        })
        break
      case 'error':
        if (change.origin === 'task') this.#error = change.message
        else this.#remark('error', change.message, at, events)
        break
      case 'malformed':
        this.#remark(
          'error',
          detached(`a line that cannot be read (${change.why}): ${change.raw.slice(0, 500)}`),
          at,
          events,
        )
        break
      case 'delta':
      case 'heartbeat':
      case 'done':
        break
      default:
        change satisfies never
    }
  }

  /** Pieces of text before their snapshot: what they add up to so far is an output like any other. */
  fromDeltas(value: unknown, changed: string[], at: number): TaskEvent {
    return this.#newOutput(value, true, changed, at)
  }

  #say(channel: LogChannel, text: string, at: number, events: TaskEvent[]): void {
    const texts = this.#channel(channel).append(text, at)
    if (texts.length > 0) events.push({ k: 'lines', at, kind: KINDS[channel] ?? 'out', texts })
  }

  /** True while some of a long line that is still open is not told: `flush` tells it. */
  get isHolding(): boolean {
    for (const lines of this.#lines.values()) if (lines.isHolding) return true
    return false
  }

  flush(at: number): TaskEvent[] {
    return this.#linesOf((lines) => lines.flush(at), at)
  }

  /** What Weir says itself. */
  #remark(kind: 'note' | 'error', text: string, at: number, events: TaskEvent[]): void {
    this.#toldLines.tell(kind, text.split('\n').length)
    events.push({ k: 'lines', at, kind, texts: [text] })
  }

  #linesOf(take: (lines: ChannelLines) => string[], at: number): TaskEvent[] {
    return [...this.#lines].flatMap(([channel, lines]): TaskEvent[] => {
      const texts = take(lines)
      return texts.length > 0 ? [{ k: 'lines', at, kind: KINDS[channel] ?? 'out', texts }] : []
    })
  }

  #channel(channel: LogChannel): ChannelLines {
    let lines = this.#lines.get(channel)
    if (!lines) this.#lines.set(channel, (lines = new ChannelLines(KINDS[channel] ?? 'out', this.#toldLines)))
    return lines
  }

  #newOutput(value: unknown, provisional: boolean, changed: string[], at: number): OutputEvent {
    const json = stringifyExact(value) ?? 'null'
    this.#json = json
    const revision = ++this.#revision
    this.#outputs.push({ revision, json })
    this.#keepWithin(KEPT.revisions, KEPT.chars)
    const output: OutputInfo = {
      revision,
      oldest: this.#outputs[0]!.revision,
      at,
      provisional,
      bytes: json.length,
      json: json.length <= INLINE ? json : null,
      changed,
    }
    this.#newest = { k: 'output', at, output, preview: previewOf(value, provisional, this.#schema) }
    return this.#newest
  }

  #outcome(
    { status, at: endedAt, origin }: { status: TaskStatus; at: number; origin: Origin },
    at: number,
  ): OutcomeEvent {
    const json = this.#json
    const result: ResultInfo =
      json === null || json === '{}' || json === 'null'
        ? { state: 'none', bytes: 0, preview: '', reason: null }
        : {
            state: 'available',
            bytes: json.length,
            preview: detached(json.slice(0, PREVIEW_CHARS)),
            reason: null,
          }
    const message = this.#error ?? (status === 'failed' ? 'The service gave no reason.' : null)
    return {
      k: 'outcome',
      at,
      status,
      origin,
      endedAt,
      endedOrigin: origin,
      result,
      error:
        message === null
          ? null
          : {
              type: status === 'failed' ? 'TaskFailed' : 'Cancelled',
              message,
              origin: null,
              at: endedAt,
              traceback: null,
            },
    }
  }
}

/** No medium was found, though there are addresses. */
function isUnsure(preview: OutputPreview | null, json: string): boolean {
  return (preview === null || preview.kind === 'text' || preview.kind === 'file') && /"https?:/.test(json)
}

/** What a card shows of an output: its first medium, else its longest text. */
function previewOf(value: unknown, provisional: boolean, schema: Schema | null): OutputPreview | null {
  const files = filesIn(value, schema)
  const medium =
    files.find(({ file }) => file.kind === 'image') ??
    files.find(({ file }) => file.kind === 'video' || file.kind === 'audio')
  if (medium) {
    const { kind, url } = medium.file
    const shown = kind === 'image' || kind === 'video' ? kind : 'audio'
    return { kind: shown, url: shownUrl(url), text: null, provisional }
  }
  const texts =
    typeof value === 'object' && value !== null
      ? Object.values(value).filter((each) => typeof each === 'string')
      : []
  const file = files[0]?.file
  if (file)
    return { kind: 'file', url: shownUrl(file.url), text: bounded(file.name, PREVIEW_TEXT), provisional }
  const longest = texts.reduce((best, each) => (each.length > best.length ? each : best), '')
  if (longest === '') return null
  return { kind: 'text', url: null, text: detached(longest.slice(-PREVIEW_TEXT)), provisional }
}

/** An address in a preview, which goes along with lists: a longer one is in the output alone. */
function shownUrl(url: string | null): string | null {
  return url !== null && url.length <= LONGEST_URL ? url : null
}
