import type { Fetch } from '#lib/fetch.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import type { FileAccess } from '../../source-adapter.ts'
import type { Cloud } from './cloud.ts'
import { asked } from './command-error.ts'
import { fetchFile } from './fetch-file.ts'

/** Files that outputs name, and uploads for inputs. */
export class CloudFiles implements FileAccess {
  readonly #cloud: Cloud
  readonly #base: string
  readonly #fetch: Fetch

  /** @param base the source's address */
  constructor(cloud: Cloud, base: string, fetch: Fetch) {
    this.#cloud = cloud
    this.#base = base
    this.#fetch = fetch
  }

  owns(url: string): boolean {
    return url.startsWith(`${new URL(this.#base).origin}/`)
  }

  read(
    url: string,
    how: { method: 'GET' | 'HEAD'; range: string | null },
    signal: AbortSignal,
  ): Promise<Response> {
    return fetchFile(url, how, this.#base, this.#fetch, signal)
  }

  upload(
    filename: string,
    type: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    size: number,
  ): Promise<string> {
    return asked(() => this.#upload(filename, type, body, size))
  }

  async #upload(
    filename: string,
    type: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
    size: number,
  ): Promise<string> {
    const { client } = this.#cloud
    const [file] = await client.createFiles([{ filename, content_type: type, size }])
    if (!file?.upload_url || !file.uri)
      throw new InferenceError('foreign', 'the service named no place for the upload')
    await client.upload(file.upload_url, body, size, type)
    return file.uri
  }
}
