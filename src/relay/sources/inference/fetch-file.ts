import type { Fetch } from '#lib/fetch.ts'
import { isOwnHost } from '#protocols/inference/own-host.ts'
import { FILE_TYPE } from '#protocols/weir/file-type.ts'
import { problem } from '../../problem.ts'

const MOST_REDIRECTS = 3
/** Types a browser shows without running anything of theirs; all else is handed over as a download. */
const SHOWN = /^(image|video|audio)\/|^text\/(plain|markdown|csv)\b|^application\/(json|pdf)\b/

/**
 * Fetches a file of an output for the page, from the service's own file hosts or the source itself; never with
 * the key. What comes is served so that nothing in it can act as a page of Weir's origin.
 */
export async function fetchFile(
  url: string,
  { method, range }: { method: 'GET' | 'HEAD'; range: string | null },
  sourceUrl: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Response> {
  let target = url
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    if (!isAllowed(target, sourceUrl))
      return problem(403, 'foreign-host', 'Weir fetches files of its sources only', hostOf(target))
    let response: Response
    try {
      response = await fetch(target, { method, redirect: 'manual', signal, headers: range ? { range } : {} })
    } catch {
      // Most often the page scrolled on, and nobody waits for the answer.
      return problem(502, 'file-unreachable', 'The file’s host cannot be reached', hostOf(target))
    }
    const location = response.headers.get('location')
    if (response.status < 300 || response.status >= 400 || !location) return served(response)
    await response.body?.cancel()
    target = new URL(location, target).href
  }
  return problem(502, 'redirects', 'The file is redirected too often', hostOf(url))
}

function isAllowed(url: string, sourceUrl: string): boolean {
  try {
    return isOwnHost(url) || new URL(url).origin === new URL(sourceUrl).origin
  } catch {
    return false
  }
}

function hostOf(url: string): string {
  try {
    return new URL(url).host
  } catch {
    return url.slice(0, 100)
  }
}

function served(response: Response): Response {
  const type = response.headers.get('content-type') ?? 'application/octet-stream'
  const headers = new Headers({
    'content-type': SHOWN.test(type) ? type : 'application/octet-stream',
    'content-security-policy':
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': response.ok ? 'private, max-age=3600' : 'no-store',
    // The page says what a file was meant to be, where it is no medium.
    ...(SHOWN.test(type) ? {} : { 'content-disposition': 'attachment', [FILE_TYPE]: type.slice(0, 100) }),
  })
  for (const name of ['content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified']) {
    const value = response.headers.get(name)
    // A length that was counted before decompression would be wrong here.
    if (value && !(name === 'content-length' && response.headers.has('content-encoding')))
      headers.set(name, value)
  }
  return new Response(response.body, { status: response.status, headers })
}
