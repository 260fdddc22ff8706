import type { CommandError } from '#model/command.ts'
import type { Disturbance, Problem } from '#protocols/weir/api.ts'
import { secureData } from './safe-headers.ts'

/**
 * An RFC 9457 answer. `title` says what is wrong and, where there is something, what to do. Weir itself says no:
 * of a command nothing has left for its source.
 */
export function problem(status: number, type: string, title: string, detail?: string): Response {
  return problemResponse({ type, title, status, outcome: 'not-sent', ...(detail ? { detail } : {}) })
}

/** What a source said, or that it did not: its own words inside, its status where it is one for the asker. */
export function refusal(error: CommandError): Response {
  const own = error.status !== null && error.status >= 400 && error.status < 500
  return problemResponse({
    type: error.status === null ? 'source-unreachable' : 'refused',
    outcome: error.outcome,
    title: `${error.type}: ${error.message}`,
    status: own ? error.status! : 502,
    detail: error.message,
    source: { type: error.type, message: error.message, owner: error.owner },
    ...(error.requirements ? { requirements: error.requirements } : {}),
  })
}

export function noSource(name: string): Response {
  return problem(404, 'no-such-source', `There is no source ${name}`)
}

/** Somebody would be disturbed: nothing was done, and this is what would happen. */
export function wouldDisturb(disturbs: Disturbance): Response {
  const title = 'This would disturb somebody. Send it again with "force": true if that is meant'
  return problemResponse({
    type: 'would-disturb',
    outcome: 'not-sent',
    title,
    status: 409,
    detail: disturbs.consequence,
    disturbs,
  })
}

/** A fault of the relay's own: how far a command had come by then nobody knows. */
export function internalProblem(detail: string): Response {
  const title = 'The relay failed at this request'
  return problemResponse({ type: 'internal', title, status: 500, detail, outcome: 'not-answered' })
}

function problemResponse(body: Problem): Response {
  const headers = new Headers({ 'content-type': 'application/problem+json' })
  // Not only the API answers with problems.
  secureData(headers)
  return new Response(JSON.stringify(body), { status: body.status, headers })
}
