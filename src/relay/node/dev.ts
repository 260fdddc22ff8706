import type { IncomingMessage, ServerResponse } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { guard } from '../guard.ts'
import { compose } from './compose.ts'
import { readConfig } from './config.ts'

/** The relay for Vite's development server; sources come from WEIR_SOURCES or weir.config.json. */
export function devMiddleware(): (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void {
  const { relay } = compose(readConfig([], process.env), process.env)
  const handle = guard({ hosts: [], allowOrigins: [], token: null }, (request) => relay.fetch(request))
  const listener = getRequestListener(handle, { overrideGlobalObjects: false })
  return (request, response, next) => {
    if (request.url?.startsWith('/api/')) void listener(request, response)
    else next()
  }
}
