import type { Source, SourceStateName } from '#model/source.ts'
import type { IconName } from '#ui/icon.tsx'
import type { Tone } from '#ui/tone.ts'

/** A source's state as word, colour and icon. */
export const SOURCE_LOOKS: Record<
  SourceStateName,
  { label: string; tone: Tone; icon: IconName; turning?: boolean; hatched?: boolean }
> = {
  connecting: { label: 'Connecting', tone: 'wait', icon: 'spinner', turning: true },
  ok: { label: 'Answering', tone: 'ok', icon: 'check' },
  not_answering: { label: 'Not answering', tone: 'warn', icon: 'clock', hatched: true },
  unreachable: { label: 'Unreachable', tone: 'bad', icon: 'unlink', hatched: true },
  wrong: { label: 'Not such a server', tone: 'bad', icon: 'warning' },
  refused: { label: 'Refused', tone: 'bad', icon: 'ban', hatched: true },
  stopping: { label: 'Stopping', tone: 'warn', icon: 'stop', hatched: true },
}

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
