import type { CommandError } from '#model/command.ts'
import type { Disturbance, Problem } from '#protocols/weir/api.ts'

/** An RFC 9457 answer. `title` says what is wrong and, where there is something, what to do. */
export function problem(status: number, type: string, title: string, detail?: string): Response {
  return problemResponse({ type, title, status, ...(detail ? { detail } : {}) })
}

/** A source's refusal: its own type and message inside, its status where it is one for the asker. */
export function refusal(error: CommandError): Response {
  const own = error.status !== null && error.status >= 400 && error.status < 500
  return problemResponse({
    type: error.status === null ? 'source-unreachable' : 'refused',
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
    title,
    status: 409,
    detail: disturbs.consequence,
    disturbs,
  })
}

function problemResponse(body: Problem): Response {
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}
