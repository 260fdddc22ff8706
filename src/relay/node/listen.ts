import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'

export interface Listening {
  port: number
  close(): Promise<void>
}

/** Serves `fetch` over HTTP. A port that is taken is one clear line and exit code 1. */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  host: string,
  port: number,
): Promise<Listening> {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false, hostname: `${host}:${port}` })
  const server = createServer((request, response) => void listener(request, response))
  // Event streams live for days.
  server.requestTimeout = 0
  server.keepAliveTimeout = 60_000
  try {
    await started(server, host, port)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') console.error(`Port ${port} on ${host} is taken; choose another with --port.`)
    else if (code === 'EACCES')
      console.error(`Port ${port} needs more rights; choose one above 1023 with --port.`)
    else if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      console.error(`This machine has no address ${host}; choose another with --host.`)
    else throw error
    process.exit(1)
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

function started(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
}
