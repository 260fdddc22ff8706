import type { Cloud } from './cloud.ts'
import { FLOW_ID, FLOW_VERSION_ID } from './flow-run.ts'
import { Answer, noContent } from './http.ts'
import type { Call, Route } from './http.ts'
import { shortId } from './ids.ts'
import { listPage } from './lists.ts'
import { Problem, badRequest, notFound } from './problem.ts'
import { framingOf, streamResponse } from './stream-response.ts'
import { OWNER } from './app.ts'
import { isObject } from './wire.ts'
import type { JsonObject } from './wire.ts'

const FILES = 'files:write'
const EXECUTE = 'apps:execute'

/** Uploads (inference.sh wire contract §4). */
export function fileRoutes({ files }: Cloud): Route[] {
  return [
    {
      method: 'POST',
      path: '/files',
      scope: FILES,
      handle: ({ body, base }) => new Answer(files.create(body, base)),
    },
    {
      method: 'POST',
      path: '/files/list',
      scope: 'files:read',
      handle: ({ body, base }) => new Answer(listPage(files.list(base), body)),
    },
    {
      method: 'GET',
      path: '/files/{}',
      scope: 'files:read',
      handle: ({ params, base }) => new Answer(files.get(params[0] ?? '', base)),
    },
    {
      method: 'DELETE',
      path: '/files/{}',
      scope: FILES,
      handle: ({ params }) => {
        files.delete(params[0] ?? '')
        return noContent()
      },
    },
  ]
}

/** Sessions (§13): over is 404 or 410. */
export function sessionRoutes(cloud: Cloud): Route[] {
  const sessionOf = ({ params }: Call) => cloud.session(params[0] ?? '')
  return [
    {
      method: 'GET',
      path: '/sessions',
      scope: EXECUTE,
      handle: () =>
        new Answer([...cloud.sessions.values()].reverse().map((session) => session.toJson(cloud.now()))),
    },
    {
      method: 'GET',
      path: '/sessions/{}',
      scope: EXECUTE,
      handle: (call) => new Answer(sessionOf(call).toJson(cloud.now())),
    },
    {
      method: 'POST',
      path: '/sessions/{}/keepalive',
      scope: EXECUTE,
      handle: (call) => {
        const session = sessionOf(call)
        session.assertAlive(cloud.now())
        session.keepAlive(cloud.now())
        return new Answer(session.toJson(cloud.now()))
      },
    },
    {
      method: 'DELETE',
      path: '/sessions/{}',
      scope: EXECUTE,
      handle: (call) => {
        sessionOf(call).end(cloud.now())
        return noContent()
      },
    },
  ]
}

/** Flow runs, as far as following one needs (§13). */
export function flowRoutes(cloud: Cloud): Route[] {
  const runOf = ({ params }: Call) => cloud.flowRun(params[0] ?? '')
  const scope = 'flows:read'
  return [
    {
      method: 'POST',
      path: '/flows/list',
      scope,
      handle: ({ body }) => new Answer(listPage([flowJson()], body)),
    },
    {
      method: 'GET',
      path: '/flows/{}',
      scope,
      handle: ({ params }) => {
        if (params[0] !== FLOW_ID) throw notFound('flow not found')
        return new Answer(flowJson())
      },
    },
    {
      method: 'POST',
      path: '/flowruns',
      scope: 'flows:execute',
      handle: ({ body, base }) => {
        if (typeof body.flow !== 'string') throw badRequest('flow is required')
        if (body.flow !== FLOW_ID && body.flow !== 'weirdemo/postcard') throw notFound('flow not found')
        return new Answer(cloud.startFlow(isObject(body.input) ? body.input : {}).toJson(base))
      },
    },
    {
      method: 'POST',
      path: '/flowruns/list',
      scope,
      handle: ({ body, base }) =>
        new Answer(
          listPage(
            [...cloud.flowRuns.values()].reverse().map((run) => run.toJson(base)),
            body,
          ),
        ),
    },
    {
      method: 'GET',
      path: '/flowruns/{}',
      scope,
      handle: (call) => new Answer(runOf(call).toJson(call.base)),
    },
    {
      method: 'POST',
      path: '/flowruns/{}/cancel',
      scope: 'flows:execute',
      handle: (call) => {
        runOf(call).cancel()
        return new Answer(null)
      },
    },
    {
      method: 'GET',
      path: '/flowruns/{}/stream',
      scope,
      handle: (call) => {
        const run = runOf(call)
        const channel = cloud.openChannel(framingOf(call.request), call.base, call.key, run.id)
        channel.follow(run)
        return streamResponse(call.request, channel)
      },
    },
    {
      method: 'GET',
      path: '/flowruns/{}/tasks/stream',
      scope,
      handle: (call) => {
        const run = runOf(call)
        const channel = cloud.openChannel(framingOf(call.request), call.base, call.key, run.id)
        run.onTask((task) => channel.add(task))
        channel.endWith(run)
        return streamResponse(call.request, channel)
      },
    },
  ]
}

function flowJson(): JsonObject {
  const time = '2026-09-28T16:20:11.25Z'
  return {
    id: FLOW_ID,
    short_id: shortId(FLOW_ID),
    created_at: time,
    updated_at: time,
    deleted_at: null,
    ...OWNER,
    visibility: 'team',
    namespace: 'weirdemo',
    name: 'postcard',
    title: 'Postcard',
    description: 'Paints a picture, then writes about it.',
    card_image: '',
    thumbnail: '',
    banner_image: '',
    draft_version_id: FLOW_VERSION_ID,
    draft_version: null,
    published_version_id: FLOW_VERSION_ID,
    published_version: null,
    input_schema: {
      type: 'object',
      properties: { prompt: { type: 'string', title: 'Prompt' } },
      required: ['prompt'],
    },
    input: {},
    output_schema: {
      type: 'object',
      properties: { image: { type: 'string', format: 'file' }, text: { type: 'string' } },
    },
    output_mappings: {},
    node_data: {},
    nodes: [],
    edges: [],
    viewport: null,
  }
}

/** Parts of the service that are not emulated, or not yet. */
const ABSENT = [
  'agents',
  'agent-runs',
  'chats',
  'tools',
  'interrupts',
  'events',
  'engines',
  'knowledge',
  'teams',
]

export function absentRoutes(): Route[] {
  return ABSENT.flatMap((name) =>
    (['GET', 'POST', 'DELETE'] as const).map((method) => ({
      method,
      path: `/${name}(?:/.*)?`,
      handle: () => {
        throw new Problem(501, 'not_implemented', `/${name} is not emulated`)
      },
    })),
  )
}
