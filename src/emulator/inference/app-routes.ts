import { appJson, versionJson } from './app.ts'
import type { App } from './app.ts'
import { APPS, findApp } from './apps/index.ts'
import { Answer } from './http.ts'
import type { Call, Route } from './http.ts'
import { listPage } from './lists.ts'
import { Problem, notFound } from './problem.ts'
import type { JsonObject } from './wire.ts'

const READ = 'apps:read'

/** Apps, their versions and their search (inference.sh wire contract §4). */
export function appRoutes(): Route[] {
  return [
    {
      method: 'POST',
      path: '/apps/list',
      scope: READ,
      handle: ({ body }) =>
        new Answer(
          listPage(
            APPS.map((app) => appJson(app, false)),
            body,
          ),
        ),
    },
    {
      method: 'POST',
      path: '/apps',
      scope: 'apps:write',
      handle: ({ body }) => {
        const taken = APPS.find(({ name }) => name === body.name)
        if (taken) throw new Problem(409, 'name_conflict', `an app named ${taken.name} exists`)
        throw new Problem(501, 'not_implemented', 'apps cannot be made here')
      },
    },
    {
      method: 'POST',
      path: '/apps/{}/versions/list',
      scope: READ,
      handle: ({ params, body }) => new Answer(listPage([versionJson(appOf(params[0]))], body)),
    },
    {
      method: 'GET',
      path: '/apps/{}/versions/{}',
      scope: READ,
      handle: ({ params }) => {
        const app = appOf(params[0])
        if (app.versionId !== params[1]) throw notFound('app version not found')
        return new Answer(appJson(app, true))
      },
    },
    {
      method: 'GET',
      path: '/apps/{}/{}',
      scope: READ,
      handle: ({ params }) => new Answer(appJson(appOf(`${params[0]}/${params[1]}`), true)),
    },
    {
      method: 'GET',
      path: '/apps/{}',
      scope: READ,
      handle: ({ params }) => new Answer(appJson(appOf(params[0]), true)),
    },
    { method: 'POST', path: '/search', scope: READ, handle: search },
    { method: 'POST', path: '/suggest', scope: READ, handle: suggest },
  ]
}

function appOf(reference = ''): App {
  const found = findApp(reference)
  if (!found) throw notFound(`app not found: ${reference}`)
  return found.app
}

/** In the form of the search engine behind it; no client of ours was seen to read it. */
function search({ body }: Call): Answer {
  const { q, type } = body
  const limit = typeof body.limit === 'number' ? body.limit : 20
  const found = type === undefined || type === 'app' || type === 'apps' ? ranked(q) : []
  const hits = found.slice(0, limit).map(({ app }) => ({ type: 'app', ...appJson(app, false) }))
  return new Answer({
    hits,
    query: typeof q === 'string' ? q : '',
    limit,
    offset: 0,
    estimatedTotalHits: found.length,
  })
}

function suggest({ body }: Call): Answer {
  const limit = typeof body.limit === 'number' ? body.limit : 10
  const results = ranked(body.query)
    .slice(0, limit)
    .map(({ app, score }): JsonObject => ({
      type: 'app',
      name: `weirdemo/${app.name}`,
      description: app.description,
      command: `infsh run weirdemo/${app.name}`,
      score,
    }))
  return new Answer({ query: typeof body.query === 'string' ? body.query : '', results })
}

function ranked(query: unknown): { app: App; score: number }[] {
  const words = (typeof query === 'string' ? query : '').toLowerCase().split(/\s+/).filter(Boolean)
  return APPS.map((app) => {
    const name = `weirdemo/${app.name} ${app.title}`.toLowerCase()
    const text = `${app.description} ${app.category}`.toLowerCase()
    const score = words.reduce(
      (sum, word) => sum + (name.includes(word) ? 1 : text.includes(word) ? 0.5 : 0),
      0,
    )
    return { app, score: words.length === 0 ? 1 : score / words.length }
  })
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
}
