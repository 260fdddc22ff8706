/*
 * Ids of sources may be any text; a path of an address cannot hold any text. A segment is how an id stands in
 * one: in the relay's API, in a topic, in a route of the page.
 */

const ESCAPE = '~'
/** `~~` is a tilde, `~d800` half a character. */
const ESCAPED = /~(~|d[89a-f][0-9a-f]{2})/g
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/**
 * An id as a segment, before percent-encoding: itself, but for the few that an address would lose: nothing at
 * all, `.` and `..` (also percent-encoded they are taken for steps in the path) and lone surrogates (no
 * percent-encoding has them).
 */
export function segmentOf(id: string): string {
  if (id === '' || id === '.' || id === '..') return `${ESCAPE}${id}`
  if (id.search(LONE) < 0 && idOfSegment(id) === id) return id
  return id.replaceAll(ESCAPE, '~~').replace(LONE, (half) => `~${half.charCodeAt(0).toString(16)}`)
}

/** The id that a segment stands for, once percent-decoded. */
export function idOfSegment(segment: string): string {
  if (segment === '~' || segment === '~.' || segment === '~..') return segment.slice(1)
  return segment.replace(ESCAPED, (_, what: string) =>
    what === ESCAPE ? ESCAPE : String.fromCharCode(Number.parseInt(what, 16)),
  )
}

/** An id as it stands in the path of an address, percent-encoded. */
export function pathSegment(id: string): string {
  return encodeURIComponent(segmentOf(id))
}
