import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { inBackground } from '#lib/isolate.ts'
import { guard } from '../guard.ts'
import { compose } from './compose.ts'
import { readConfig } from './config.ts'
import { processLog } from './process-log.ts'

/** The relay for Vite's development server; sources come from WEIR_SOURCES or weir.config.json. */
export function devMiddleware(): {
  handle(request: IncomingMessage, response: ServerResponse, next: () => void): void
  /** Leaves the sources in good order, before another relay comes. */
  stop(): Promise<void>
} {
  const { relay, start, stop } = compose(readConfig([], process.env), process.env, processLog())
  inBackground(start())
  const handle = guard({ hosts: [], allowOrigins: [], token: null }, (request) => relay.fetch(request))
  const listener = getRequestListener((request) => handle(request), { overrideGlobalObjects: false })
  return {
    stop,
    handle(request, response, next) {
      if (!request.url?.startsWith('/api/')) next()
      else if (isLoopback(request.socket.remoteAddress)) void listener(request, response)
      else
        response.writeHead(403).end('In development Weir answers this machine only; npm start serves others.')
    },
  }
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || (address ?? '').replace('::ffff:', '').startsWith('127.')
}
