import type { StreamStateName } from '#model/stream-state.ts'

interface LiveStream {
  readonly state: StreamStateName
  /** Lets go of the connection only; it is opened again when the server answers. */
  hangUp(): void
}

const OPEN: ReadonlySet<StreamStateName> = new Set(['open', 'stalled', 'silenced'])

/** True where the server has the stream open for Weir. */
export function isOpen(state: StreamStateName): boolean {
  return OPEN.has(state)
}

/** The streams of one server, of tasks and of devices, from their start to their end. */
export class LiveStreams {
  readonly #streams = new Set<LiveStream>()

  add(stream: LiveStream): void {
    this.#streams.add(stream)
  }

  delete(stream: LiveStream): void {
    this.#streams.delete(stream)
  }

  /** How many the server has open. */
  get open(): number {
    let open = 0
    for (const { state } of this.#streams) if (isOpen(state)) open += 1
    return open
  }

  /** Lets go of all connections, for a server that is shutting down. */
  hangUp(): void {
    for (const stream of this.#streams) stream.hangUp()
  }
}
