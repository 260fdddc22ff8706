import type { Source } from '#model/source.ts'
import { isOwnHost } from '#protocols/inference/own-host.ts'
import type { ListState } from '#streams/row-store.ts'
import { useList, useStreams } from '#streams/react.tsx'
import { createStored, textsOf, useStored } from '#ui/stored.ts'

/** Hosts that a person allowed to load media from, as `host[:port]`; kept in this browser. */
export const mediaHosts = createStored<readonly string[]>('weir:media-hosts', [], textsOf, {
  formerKey: 'weir.media-hosts',
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

/** Where an address is loaded from, if it may be. */
export interface MediaPlace {
  may: boolean
  /** Files of a source come through the relay, which can reach them where the browser may not. */
  src: string | null
  throughWeir: boolean
  host: string
}

/** Whether addresses may load now, and the way to allow a host from now on. */
export function useMediaHosts(): { of: (url: string | null) => MediaPlace; allow: (host: string) => void } {
  const [allowed, set] = useStored(mediaHosts)
  const { base } = useStreams()
  const sourceHosts = useList('sources', hostsOfSources)
  return {
    of: (url) => {
      const host = (url === null ? null : hostOf(url)) ?? 'an unknown host'
      const ofSource = url !== null && (isOwnHost(url) || sourceHosts.split(' ').includes(host))
      return {
        may: ofSource || (url !== null && mayLoad(url, allowed, location.origin)),
        src: ofSource ? `${base}/api/files?url=${encodeURIComponent(url)}` : url,
        throughWeir: ofSource,
        host,
      }
    },
    allow: (host) => {
      set([...allowed.filter((each) => each !== host), host])
    },
  }
}

/** The same for one address. */
export function useMediaHost(url: string | null): MediaPlace & { allow: () => void } {
  const hosts = useMediaHosts()
  const place = hosts.of(url)
  return {
    ...place,
    allow: () => {
      hosts.allow(place.host)
    },
  }
}

/** One string, so that nothing renders while it stays the same. */
function hostsOfSources({ items }: ListState<Source>): string {
  return [...items.values()].flatMap(({ url }) => hostOf(url) ?? []).join(' ')
}
