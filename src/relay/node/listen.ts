import { createServer, type Server } from 'node:http'
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { getRequestListener, type Http2Bindings, type HttpBindings } from '@hono/node-server'
import type { Peer } from '../guard.ts'
import { StartError } from './usage-error.ts'

/** What HTTPS needs, as PEM texts. */
export interface Tls {
  cert: string
  key: string
}

export interface Listening {
  port: number
  close(): Promise<void>
}

/**
 * Serves `fetch` over HTTP, or with `tls` over HTTPS (HTTP/2 for those who can, else HTTP/1.1). Throws StartError
 * where it cannot listen there.
 */
export async function listen(
  fetch: (request: Request, peer: Peer) => Response | Promise<Response>,
  host: string,
  port: number,
  tls: Tls | null = null,
): Promise<Listening> {
  const answer = (request: Request, { incoming }: HttpBindings | Http2Bindings) =>
    fetch(request, { address: incoming.socket.remoteAddress ?? null })
  const listener = getRequestListener(answer, { overrideGlobalObjects: false, hostname: `${host}:${port}` })
  const connections = new Set<{ destroy(): void }>()
  const server = tls
    ? createSecureServer(
        { ...tls, allowHTTP1: true },
        (request, response) => void listener(request, response),
      )
    : createServer((request, response) => void listener(request, response))
  server.on('connection', (socket: { destroy(): void; once(event: 'close', gone: () => void): void }) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  if ('requestTimeout' in server) {
    // Event streams live for days.
    server.requestTimeout = 0
    server.keepAliveTimeout = 60_000
  }
  try {
    await started(server, host, port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${port} on ${host} is taken; choose another with --port.`)
    if (code === 'EACCES')
      throw new StartError(`Port ${port} needs more rights; choose one above 1023 with --port.`)
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`This machine has no address ${host}; choose another with --host.`)
    throw error
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        for (const connection of connections) connection.destroy()
      }),
  }
}

function started(server: Server | Http2SecureServer, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}
