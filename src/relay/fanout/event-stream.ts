/** Bytes that may wait in a connection before the hub waits for its reader. */
const HIGH_WATER = 512 * 1024

const encoder = new TextEncoder()

/** One open connection for server-sent events: a body that is written to, and whether its reader keeps up. */
export class EventStream {
  readonly body: ReadableStream<Uint8Array>
  #controller: ReadableStreamDefaultController<Uint8Array> | null = null

  /**
   * @param pull there is room again
   * @param left the reader went away
   */
  constructor(pull: () => void, left: () => void) {
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          // Once it was closed, a late reader of what is left asks for nothing more.
          if (this.#controller) pull()
        },
        cancel: () => {
          if (!this.#controller) return
          this.#controller = null
          left()
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER }),
    )
  }

  get hasRoom(): boolean {
    return (this.#controller?.desiredSize ?? 0) > 0
  }

  /**
   * Writes one event.
   * @param data JSON, without line feeds
   * @param id null: what is said has no place among the events
   */
  write(event: string, data: string, id: string | null = null): void {
    this.#controller?.enqueue(
      encoder.encode(`${id === null ? '' : `id: ${id}\n`}event: ${event}\ndata: ${data}\n\n`),
    )
  }

  close(): void {
    const controller = this.#controller
    this.#controller = null
    try {
      controller?.close()
    } catch {
      // Cancelled by its reader already.
    }
  }
}
