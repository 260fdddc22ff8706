import { Hono } from 'hono'
import { problem } from './problem.ts'
import type { SourceAdapter } from './source-adapter.ts'
import type { SourceKinds } from './source-kind.ts'

/** Where sources' own client libraries are answered; such calls pass through as they come. */
export function proxyPaths(kinds: SourceKinds): ReadonlySet<string> {
  return new Set(
    [...kinds.values()].flatMap(({ proxyPath }) => (proxyPath === undefined ? [] : `/api${proxyPath}`)),
  )
}

/** Answers calls of sources' own client libraries: the source that a call is for, else the first of its kind. */
export function proxyApi(kinds: SourceKinds, adapters: ReadonlyMap<string, SourceAdapter>): Hono {
  const api = new Hono()
  for (const [name, { label, proxyPath }] of kinds)
    if (proxyPath !== undefined)
      api.all(proxyPath, (c) => {
        const all = [...adapters.values()].flatMap(({ kind, proxy }) => (kind === name && proxy) || [])
        const proxy = all.find((each) => each.isFor(c.req.raw)) ?? all[0]
        return proxy
          ? proxy.pass(c.req.raw)
          : problem(404, 'no-such-source', `There is no ${label} source; start Weir with one`)
      })
  return api
}
