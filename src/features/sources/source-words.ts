import type { Source } from '#model/source.ts'

/** The address as a link where it is one that a browser may open. */
export function linkOf(source: Pick<Source, 'url'>): string | null {
  return /^https?:\/\//i.test(source.url) ? source.url : null
}

/** Differences that are taken off a source's times, and so are said. */
const FAR_MS = 5_000

/** How far its clock is from Weir's, in words; null where it is near, or not known. */
export function skewWords({ clockAheadMs = 0 }: Pick<Source, 'clockAheadMs'>): string | null {
  if (Math.abs(clockAheadMs) <= FAR_MS) return null
  const seconds = Math.round(Math.abs(clockAheadMs) / 1_000)
  const minutes = Math.floor(seconds / 60)
  const far =
    minutes >= 60
      ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
      : minutes > 0
        ? `${minutes} min ${seconds % 60} s`
        : `${seconds} s`
  return `clock ${far} ${clockAheadMs > 0 ? 'ahead of' : 'behind'} Weir's: its times are shown by Weir's`
}
