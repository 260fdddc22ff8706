import { LOG_LINE_KINDS, type LogBuffer, type LogChunk, type LogLineKind } from '#model/log-buffer.ts'

/** A part of a run's log: what was said in one of its phases. */
export type LogPhase = 'setup' | 'run' | 'serve' | 'build' | 'task'

export const LOG_PHASES: readonly LogPhase[] = ['setup', 'run', 'serve', 'build', 'task']

export const PHASE_LABELS: Record<LogPhase, string> = {
  setup: 'Setup',
  run: 'Run',
  serve: 'Serve',
  build: 'Build',
  task: 'Task',
}

/** The lines of a phase; Weir's own words belong to the task, a hole to all. */
const PHASE_KINDS: Record<LogPhase, readonly LogLineKind[]> = {
  setup: ['setup', 'gap'],
  run: ['run', 'gap'],
  serve: ['serve', 'gap'],
  build: ['build', 'gap'],
  task: ['out', 'error', 'note', 'gap'],
}

const codeOf = (kind: LogLineKind): number => LOG_LINE_KINDS.indexOf(kind)

/** Codes of the lines of a phase. */
export function phaseCodes(phase: LogPhase): ReadonlySet<number> {
  return new Set(PHASE_KINDS[phase].map(codeOf))
}

/** Width of the column of tags, in characters, with the space after it. */
export const TAG_COLUMNS = 7

/** What the merged view says beside a line: the phase it was said in. */
export function tagOf(kind: LogLineKind | null): string {
  const tag =
    kind === 'out'
      ? 'task'
      : kind === 'setup' || kind === 'run' || kind === 'serve' || kind === 'build'
        ? kind
        : ''
  return tag.padEnd(TAG_COLUMNS)
}

/** Lines of each kind among those that are loaded, by its code. Chunks are counted once, new lines once. */
export class KindCounts {
  readonly #buffer: LogBuffer
  #chunks = new Map<LogChunk, Uint32Array>()
  #generation = -1
  #sealedVersion = -1
  #sealed = new Uint32Array(LOG_LINE_KINDS.length)
  #open = new Uint32Array(LOG_LINE_KINDS.length)
  #openFirst = -1
  #openNext = 0

  constructor(buffer: LogBuffer) {
    this.#buffer = buffer
  }

  update(): void {
    const buffer = this.#buffer
    if (buffer.sealedVersion !== this.#sealedVersion || buffer.generation !== this.#generation) {
      this.#sealedVersion = buffer.sealedVersion
      this.#generation = buffer.generation
      const known = this.#chunks
      this.#chunks = new Map(buffer.chunks.map((chunk) => [chunk, known.get(chunk) ?? countOf(chunk)]))
      this.#sealed = new Uint32Array(LOG_LINE_KINDS.length)
      for (const counts of this.#chunks.values()) add(this.#sealed, counts)
    }
    if (buffer.openFirst !== this.#openFirst || buffer.total < this.#openNext) {
      this.#openFirst = this.#openNext = buffer.openFirst
      this.#open = new Uint32Array(LOG_LINE_KINDS.length)
    }
    for (; this.#openNext < buffer.total; this.#openNext++) {
      const line = buffer.line(this.#openNext)
      // The newest line may still be on its way.
      if (!line) break
      this.#open[codeOf(line.kind)]! += 1
    }
  }

  of(kind: LogLineKind): number {
    const code = codeOf(kind)
    return (this.#sealed[code] ?? 0) + (this.#open[code] ?? 0)
  }

  /** Lines that a person would call those of a phase: holes are none. */
  ofPhase(phase: LogPhase): number {
    return PHASE_KINDS[phase].reduce((sum, kind) => (kind === 'gap' ? sum : sum + this.of(kind)), 0)
  }

  /** Some line was said outside the task itself. */
  get phased(): boolean {
    return LOG_PHASES.some((phase) => phase !== 'task' && this.ofPhase(phase) > 0)
  }
}

function countOf(chunk: LogChunk): Uint32Array {
  const counts = new Uint32Array(LOG_LINE_KINDS.length)
  if (chunk.kinds) for (const code of chunk.kinds) counts[code]! += 1
  else counts[codeOf('out')] = chunk.end - chunk.first
  return counts
}

function add(sums: Uint32Array, counts: Uint32Array): void {
  for (let k = 0; k < sums.length; k++) sums[k]! += counts[k] ?? 0
}
