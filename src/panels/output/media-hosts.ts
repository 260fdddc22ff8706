import type { Source } from '#model/source.ts'
import { isOwnHost } from '#protocols/inference/output.ts'
import type { ListState } from '#streams/list-store.ts'
import { useList, useStreams } from '#streams/react.tsx'
import { createStored, useStored } from '#ui/stored.ts'

/** Hosts that a person allowed to load media from, as `host[:port]`; kept in this browser. */
export const mediaHosts = createStored<readonly string[]>('weir.media-hosts', [], (kept) => {
  if (!Array.isArray(kept)) throw new TypeError('not a list')
  return kept.filter((host): host is string => typeof host === 'string')
})

/** The host of an address as people read it; null for what has none (`blob:`). */
export function hostOf(url: string): string | null {
  try {
    return new URL(url).host || null
  } catch {
    return null
  }
}

/**
 * Whether media may load without asking: what the page itself made, Weir's own files, those of inference.sh, and
 * hosts that were allowed.
 */
export function mayLoad(url: string, allowed: readonly string[], origin: string): boolean {
  if (url.startsWith(`blob:${origin}/`)) return true
  const host = hostOf(url)
  if (host === null) return false
  return url.startsWith(`${origin}/`) || isOwnHost(url) || allowed.includes(host)
}

/**
 * Whether an address may load now, and the way to allow its host from now on. `src` is where to load it from:
 * files of a source come through the relay, which can reach them where the browser may not.
 */
export function useMediaHost(url: string | null): {
  may: boolean
  src: string | null
  host: string
  allow: () => void
} {
  const [allowed, set] = useStored(mediaHosts)
  const { base } = useStreams()
  const sourceHosts = useList('sources', hostsOfSources)
  const host = (url === null ? null : hostOf(url)) ?? 'an unknown host'
  const ofSource = url !== null && (isOwnHost(url) || sourceHosts.split(' ').includes(host))
  return {
    may: ofSource || (url !== null && mayLoad(url, allowed, location.origin)),
    src: ofSource ? `${base}/api/files?url=${encodeURIComponent(url)}` : url,
    host,
    allow: () => {
      set([...allowed.filter((each) => each !== host), host])
    },
  }
}

/** One string, so that nothing renders while it stays the same. */
function hostsOfSources({ items }: ListState<Source>): string {
  return [...items.values()].flatMap(({ url }) => hostOf(url) ?? []).join(' ')
}
