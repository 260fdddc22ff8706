import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createInferenceCloud, type InferenceCloud } from '#emulator/inference/index.ts'

/** An emulated inference.sh on a port of its own, in this process. */
export class CloudServer {
  readonly cloud: InferenceCloud = createInferenceCloud({ preset: 'empty', speed: 4, workers: 4 })
  #server: Server | undefined

  get url(): string {
    return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`
  }

  async listen(): Promise<void> {
    const listener = getRequestListener((request) => this.cloud.fetch(request), {
      overrideGlobalObjects: false,
    })
    this.#server = createServer((request, response) => void listener(request, response))
    await new Promise<void>((resolve) => {
      this.#server!.listen(0, '127.0.0.1', resolve)
    })
  }

  async close(): Promise<void> {
    // An end, not a break: a break is reported as a fault of the server.
    this.cloud.cutStreams('end')
    this.cloud.stop()
    await new Promise((resolve) => {
      this.#server!.close(resolve)
      this.#server!.closeAllConnections()
    })
  }
}
