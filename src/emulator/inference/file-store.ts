import { OWNER } from './app.ts'
import { CloudFile } from './cloud-file.ts'
import type { FileSpec } from './cloud-file.ts'
import { contentTypeOf } from './content-type.ts'
import { shortId } from './ids.ts'
import { badRequest, notFound } from './problem.ts'
import { isObject, timestamp } from './wire.ts'
import type { Json, JsonObject } from './wire.ts'

/** More than this is refused; a tab's memory is small. */
const MAX_UPLOAD_BYTES = 100 * 1024 * 1024

const CHUNK = 65_536

interface Upload {
  readonly id: string
  readonly path: string
  readonly filename: string
  readonly contentType: string
  readonly category: string
  readonly clientPath: string
  readonly createdAt: number
  size: number
  file: CloudFile | null
}

export interface FileStoreHost {
  now(): number
  createId(): string
}

/** Outputs and uploads, and the host that serves them without a key (inference.sh wire contract §4, §9). */
export class FileStore {
  readonly #host: FileStoreHost
  readonly #files = new Map<string, CloudFile>()
  readonly #uploads = new Map<string, Upload>()

  constructor(host: FileStoreHost) {
    this.#host = host
  }

  add(spec: FileSpec): CloudFile {
    const file = new CloudFile(spec)
    this.#files.set(file.path, file)
    return file
  }

  /** Forgets the output files of a task. */
  forget(taskId: string): void {
    const prefix = `t/${shortId(taskId)}/`
    for (const path of this.#files.keys()) if (path.startsWith(prefix)) this.#files.delete(path)
  }

  /** `POST /files`: records, each with the address its bytes are to be put. */
  create(body: JsonObject, base: string): JsonObject[] {
    if (!Array.isArray(body.files) || body.files.length === 0) throw badRequest('files is required')
    return body.files.map((wanted: Json) => {
      if (!isObject(wanted)) throw badRequest('files: not an object')
      const upload = this.#createUpload(wanted, body.category)
      this.#uploads.set(upload.id, upload)
      return this.#toJson(upload, base)
    })
  }

  get(id: string, base: string): JsonObject {
    const upload = this.#uploads.get(id)
    if (!upload) throw notFound('file not found')
    return this.#toJson(upload, base)
  }

  list(base: string): JsonObject[] {
    return [...this.#uploads.values()].reverse().map((upload) => this.#toJson(upload, base))
  }

  delete(id: string): void {
    const upload = this.#uploads.get(id)
    if (!upload) throw notFound('file not found')
    this.#uploads.delete(id)
    this.#files.delete(upload.path)
  }

  /** The PUT to a signed address: no key, another host. */
  async put(id: string, request: Request): Promise<Response> {
    const upload = this.#uploads.get(id)
    if (!upload) return new Response('<Error><Code>NoSuchUpload</Code></Error>', { status: 404 })
    const bytes = new Uint8Array(await request.arrayBuffer())
    if (bytes.byteLength > MAX_UPLOAD_BYTES)
      return new Response('<Error><Code>EntityTooLarge</Code></Error>', { status: 413 })
    const { path, filename } = upload
    const contentType = request.headers.get('content-type') ?? upload.contentType
    upload.size = bytes.byteLength
    upload.file = this.add({ path, filename, contentType, render: () => bytes })
    return new Response(null, { status: 200 })
  }

  /** `GET /app/files/…`, with ranges for players. */
  serve(path: string, request: Request): Response {
    const file = this.#files.get(path)
    if (!file || file.missing)
      return new Response('<Error><Code>NoSuchKey</Code></Error>', {
        status: 404,
        headers: { 'content-type': 'application/xml' },
      })
    const headers: Record<string, string> = {
      'content-type': file.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      'accept-ranges': 'bytes',
    }
    const range = rangeOf(request.headers.get('range'), file.size)
    if (range === 'unsatisfiable')
      return new Response(null, { status: 416, headers: { 'content-range': `bytes */${file.size}` } })
    const [start, end] = range ?? [0, file.size]
    if (range) headers['content-range'] = `bytes ${start}-${end - 1}/${file.size}`
    headers['content-length'] = String(end - start)
    const body =
      request.method === 'HEAD' ? null : file.isHuge ? zeros(end - start) : file.bytes().subarray(start, end)
    return new Response(body, { status: range ? 206 : 200, headers })
  }

  #createUpload(wanted: JsonObject, category: Json | undefined): Upload {
    const text = (key: string) => (typeof wanted[key] === 'string' ? wanted[key] : '')
    const id = this.#host.createId()
    const filename = text('filename') || 'file'
    const extension = /\.([A-Za-z0-9]{1,8})$/.exec(filename)?.[1] ?? extensionFor(text('content_type'))
    return {
      id,
      path: `u/${shortId(OWNER.user_id)}/${shortId(id)}.${extension}`,
      filename,
      contentType: text('content_type') || contentTypeOf(filename),
      category: typeof category === 'string' ? category : '',
      clientPath: text('path'),
      createdAt: this.#host.now(),
      size: typeof wanted.size === 'number' ? wanted.size : 0,
      file: null,
    }
  }

  #toJson(upload: Upload, base: string): JsonObject {
    return {
      id: upload.id,
      short_id: shortId(upload.id),
      created_at: timestamp(upload.createdAt),
      updated_at: timestamp(upload.createdAt),
      deleted_at: null,
      ...OWNER,
      visibility: 'team',
      path: upload.clientPath,
      remote_path: `app/files/${upload.path}`,
      upload_url: `${base}/uploads/${upload.id}?X-Amz-Expires=900&X-Amz-Signature=${shortId(upload.id)}`,
      uri: `${base}/app/files/${upload.path}`,
      content_type: upload.contentType,
      size: upload.size,
      filename: upload.filename,
      category: upload.category,
      rating: 'unrated',
      metadata: null,
    }
  }
}

function extensionFor(contentType: string): string {
  return /^[a-z]+\/([a-z0-9]{1,8})/.exec(contentType)?.[1]?.replace('jpeg', 'jpg') ?? 'bin'
}

function rangeOf(
  header: string | null,
  size: number,
): readonly [start: number, end: number] | 'unsatisfiable' | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return undefined
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1)
  return start < end ? [start, end] : 'unsatisfiable'
}

/** A body of that many zeros, made as it is read. */
function zeros(length: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let left = length
  return new ReadableStream({
    pull: (controller) => {
      const size = Math.min(CHUNK, left)
      left -= size
      if (size > 0) controller.enqueue(new Uint8Array(size))
      if (left === 0) controller.close()
    },
  })
}
