const ENCODER = new TextEncoder()

/** About what the socket buffers between server and client hold (LabDaemon wire contract §5.13). */
const BUFFER_BYTES = 4 * 1024 * 1024

/** Who listens to the body of a stream. */
export interface BodyListener {
  /** The client read; `first` once, for the first bytes; `drained` when a full buffer has room again. */
  onRead(first: boolean, drained: boolean): void
  /** The client hung up before the end. */
  onHangUp(): void
}

/**
 * The body of a stream as the client's side of a connection: chunks leave one by one as they are read, and
 * a reader that stands still fills the buffer.
 */
export class StreamBody {
  readonly readable: ReadableStream<Uint8Array>
  readonly #listener: BodyListener
  readonly #chunks: Uint8Array[] = []
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #bytes = 0
  #wanted = false
  #read = false
  #ending = false
  #over = false

  constructor(listener: BodyListener) {
    this.#listener = listener
    this.readable = new ReadableStream(
      {
        start: (controller) => {
          this.#controller = controller
        },
        pull: () => {
          this.#wanted = true
          this.#flush()
        },
        cancel: () => this.hangUp(),
      },
      { highWaterMark: 0 },
    )
  }

  get isFull(): boolean {
    return this.#bytes >= BUFFER_BYTES
  }

  write(text: string): void {
    if (this.#over || this.#ending) return
    const chunk = ENCODER.encode(text)
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    this.#flush()
  }

  /** Ends the body cleanly once what was written has been read. */
  end(): void {
    this.#ending = true
    this.#flush()
  }

  /** Breaks the connection: what was not read is lost. */
  break(reason: Error): void {
    if (this.#over) return
    this.#over = true
    this.#chunks.length = 0
    this.#controller?.error(reason)
  }

  /** The client went away. */
  hangUp(reason?: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#chunks.length = 0
    // Its client is gone: there is nobody to tell of an error.
    if (reason !== undefined) this.#controller?.close()
    this.#listener.onHangUp()
  }

  #flush(): void {
    if (this.#over) return
    const chunk = this.#wanted ? this.#chunks.shift() : undefined
    if (chunk) {
      const wasFull = this.isFull
      const first = !this.#read
      this.#wanted = false
      this.#read = true
      this.#bytes -= chunk.byteLength
      this.#controller?.enqueue(chunk)
      this.#listener.onRead(first, wasFull && !this.isFull)
    }
    if (this.#ending && this.#chunks.length === 0 && !this.#over) {
      this.#over = true
      this.#controller?.close()
    }
  }
}
