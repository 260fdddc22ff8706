import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  createLabDaemon,
  type Cut,
  type LabDaemonEmulator,
  type LabDaemonOptions,
} from '#emulator/labdaemon/index.ts'

/** Stands before the lab: answers in its place, lets it answer (`next`), or never does. */
export type Fault = (request: Request, next: () => Promise<Response>) => Promise<Response> | undefined

/** Changes an event of a stream (its lines on the wire): gives what is sent in its place; null ends the stream. */
export type EventFault = (event: string) => string | readonly (string | null)[]

/** A client of the lab's that is not Weir. */
export interface StreamClient {
  /** Resolves once it has received so many events. */
  received(count: number): Promise<void>
  /** Asks the server to stop and reads to the end, as it should be. */
  leave(): Promise<void>
  /** Breaks the connection. */
  hangUp(): Promise<void>
}

/**
 * An emulated LabDaemon on a port of its own, in this process: what happens to a server and its network is
 * done to it, and what other people do with it is asked of it.
 */
export class LabServer {
  readonly lab: LabDaemonEmulator
  #server: Server | undefined
  #port = 0
  #fault: Fault | undefined
  #eventFault: EventFault | undefined
  #judged: readonly string[] | undefined

  constructor(options: LabDaemonOptions = {}) {
    this.lab = createLabDaemon({ preset: 'bench', strict: true, ...options })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  async listen(): Promise<void> {
    const server = createServer((incoming, outgoing) => void this.#serve(incoming, outgoing))
    server.requestTimeout = 0
    server.keepAliveTimeout = 60_000
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  /** SIGKILL: connections break, and new ones are refused. */
  async kill(): Promise<void> {
    this.lab.kill()
    await this.#close(true)
  }

  /** A new process on the same port. */
  async restart(): Promise<void> {
    if (this.#server) await this.kill()
    this.lab.restart()
    await this.listen()
  }

  /** SIGTERM: streams go on, new connections are refused. */
  async shutdown(): Promise<void> {
    this.lab.shutdown()
    await this.#close(false)
  }

  cut(mode: Cut): void {
    this.lab.cutStreams(mode)
  }

  /** Replaces what stood before the lab; nothing by default. */
  fault(fault?: Fault): void {
    this.#fault = fault
  }

  /** Changes the events of all streams. */
  faultyEvents(fault?: EventFault): void {
    this.#eventFault = fault
  }

  /** Asks the lab as any other program of its users would; a body makes it a POST. */
  async ask(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(this.url + path, body === undefined ? {} : jsonPost(body))
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return response.json()
  }

  start(id: string, type: string, params: Record<string, unknown> = {}): Promise<unknown> {
    return this.ask('/tasks', { task_id: id, task_type: type, params })
  }

  /** Another client holds a task's stream from now on. */
  async hold(id: string): Promise<StreamClient> {
    const abort = new AbortController()
    const response = await fetch(`${this.url}/stream/devices/stream-${id}`, { signal: abort.signal })
    let events = 0
    let wake = () => {}
    const read = async () => {
      for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
        events += part.split('event: device_data').length - 1
        wake()
      }
    }
    const ended = read().catch(() => undefined)
    return {
      received: async (count) => {
        while (events < count) await new Promise<void>((resolve) => (wake = resolve))
      },
      leave: async () => {
        await this.ask(`/devices/stream-${id}/stream/stop`, {})
        await ended
      },
      hangUp: async () => {
        abort.abort()
        await ended
      },
    }
  }

  /** How this lab was mistreated until now, or until the relay ended. */
  get violations(): readonly string[] {
    return this.#judged ?? this.lab.violations
  }

  judge(): void {
    this.#judged = [...this.lab.violations]
  }

  /** Forgets what has happened so far: the journey itself was rude. */
  pardon(): void {
    this.lab.violations.length = 0
  }

  async close(): Promise<void> {
    this.lab.stop()
    await this.#close(true)
  }

  /** Carries a request to the lab and its answer back, as they come; a client that leaves is told to the lab. */
  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const hungUp = new AbortController()
    const left = once(outgoing, 'close').then(() => hungUp.abort())
    try {
      const { method = 'GET', headers, url = '/' } = incoming
      const request = new Request(this.url + url, {
        method,
        headers: headers as Record<string, string>,
        signal: hungUp.signal,
        ...(method === 'POST' ? { body: await text(incoming) } : {}),
      })
      const next = () => this.lab.fetch(request)
      const response = this.#withEventFault(await (this.#fault?.(request, next) ?? next()))
      outgoing.writeHead(response.status, Object.fromEntries(response.headers))
      outgoing.flushHeaders()
      const reader = response.body?.getReader()
      hungUp.signal.addEventListener('abort', () => void reader?.cancel().catch(() => undefined))
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read())
        if (!outgoing.write(part.value)) await Promise.race([once(outgoing, 'drain'), left])
      outgoing.end()
    } catch {
      // A process that is gone says nothing.
      incoming.socket.destroy()
    }
  }

  #withEventFault(response: Response): Response {
    if (!this.#eventFault || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      return response
    const decoder = new TextDecoder()
    const encoder = new TextEncoder()
    let rest = ''
    const change = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        const events = (rest + decoder.decode(chunk, { stream: true })).split('\r\n\r\n')
        rest = events.pop() ?? ''
        for (const event of events)
          for (const sent of [this.#eventFault?.(event) ?? event].flat())
            if (sent === null) controller.terminate()
            else controller.enqueue(encoder.encode(`${sent}\r\n\r\n`))
      },
    })
    return new Response(response.body!.pipeThrough(change), response)
  }

  async #close(hard: boolean): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    if (!hard) return
    server.closeAllConnections()
    await closed
  }
}

/** Holds answers back until released. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

function jsonPost(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}
