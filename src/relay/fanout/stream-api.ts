import { Hono } from 'hono'
import { sessionsRequest, topicsRequest } from '#protocols/weir/api.ts'
import type { Hub } from './hub.ts'
import { problem } from '../problem.ts'
import { readBody } from '../read-body.ts'

const HEADERS = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const

/**
 * The event streams: a browser's, a page's own, and those of scripts.
 * @param newId a fresh id, for streams without a session
 */
export function streamApi(hub: Hub, newId: () => string): Hono {
  const api = new Hono()

  api.get('/stream', (c) => {
    // Asked to know whether one may; a stream would have no reader.
    if (c.req.method === 'HEAD') return c.body(null, 204)
    const carrier = c.req.query('carrier')
    if (carrier) return new Response(hub.carry(carrier), { headers: HEADERS })
    const topics = c.req.queries('topic')
    const session = topics ? `topics-${newId()}` : c.req.query('session')
    if (!session) return problem(400, 'bad-request', 'Name a session, or at least one topic')
    const after = c.req.header('last-event-id') ?? c.req.query('after') ?? null
    return new Response(hub.connect(session, after, topics), { headers: HEADERS })
  })

  api.put('/stream/:session/topics', async (c) => {
    const body = readBody(c, topicsRequest)
    if (body instanceof Response) return body
    hub.setTopics(c.req.param('session'), body.topics)
    return c.body(null, 204)
  })

  api.put('/stream/:carrier/sessions', async (c) => {
    const body = readBody(c, sessionsRequest)
    if (body instanceof Response) return body
    return hub.setSessions(c.req.param('carrier'), body.n, body.sessions)
      ? c.body(null, 204)
      : problem(404, 'no-such-stream', 'No stream of that name is open')
  })

  return api
}
