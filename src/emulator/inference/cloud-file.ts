export interface FileSpec {
  /** Below `/app/files/`: `t/4ydrgwr0/2t1x8wym.png`. */
  readonly path: string
  readonly filename: string
  readonly contentType: string
  /** Made when somebody asks, and again when the cache has dropped them: the same bytes each time. */
  readonly render: () => Uint8Array<ArrayBuffer>
  /** For files too big to make: that many zeros. */
  readonly size?: number
  /** The URL is handed out, but nothing is there. */
  readonly missing?: boolean
}

/** Bytes of rendered files that are kept. */
const CACHE_BYTES = 24 * 1024 * 1024

/** A file on the content host (inference.sh wire contract §9). */
export class CloudFile {
  readonly path: string
  readonly filename: string
  readonly contentType: string
  readonly missing: boolean
  readonly #render: () => Uint8Array<ArrayBuffer>
  #size: number | undefined
  /** True: `bytes` would be too many. */
  readonly isHuge: boolean

  constructor(spec: FileSpec) {
    this.path = spec.path
    this.filename = spec.filename
    this.contentType = spec.contentType
    this.missing = spec.missing ?? false
    this.#render = spec.render
    this.#size = spec.size
    this.isHuge = spec.size !== undefined
  }

  get size(): number {
    return (this.#size ??= this.bytes().byteLength)
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const known = cache.get(this)
    if (known) return known
    const bytes = this.#render()
    cache.set(this, bytes)
    cached += bytes.byteLength
    for (const [file, old] of cache) {
      if (cached <= CACHE_BYTES || file === this) break
      cache.delete(file)
      cached -= old.byteLength
    }
    return bytes
  }

  /** The object form of a file in an output, as the docs and PartialFile have it (§9). */
  describe(): { uri: CloudFile; path: string; content_type: string; size: number; filename: string } {
    return {
      uri: this,
      path: `/tmp/out/${this.filename}`,
      content_type: this.contentType,
      size: this.size,
      filename: this.filename,
    }
  }
}

const cache = new Map<CloudFile, Uint8Array<ArrayBuffer>>()
let cached = 0

/** A file's URL with a query and a fragment, as signed ones have. */
export class SignedUrl {
  readonly file: CloudFile
  readonly suffix: string

  constructor(file: CloudFile, suffix: string) {
    this.file = file
    this.suffix = suffix
  }
}
