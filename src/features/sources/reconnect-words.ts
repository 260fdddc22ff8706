import { formatDuration, formatRoughly } from '#lib/format.ts'
import { LONGEST_FOLLOW_MS, type ReconnectSettings } from '#model/source.ts'

/** The settings as typed, in seconds; the last one in minutes. */
export interface ReconnectDraft {
  forEver: boolean
  retries: string
  delay: string
  most: string
  /** Empty: to the end. */
  follow: string
}

export function draftOf(settings: ReconnectSettings): ReconnectDraft {
  return {
    forEver: settings.retries === null,
    retries: String(settings.retries ?? 5),
    delay: String(settings.delayMs / 1_000),
    most: String(settings.mostMs / 1_000),
    follow: settings.followMs === null ? '' : String(Number((settings.followMs / 60_000).toFixed(4))),
  }
}

export interface ReconnectErrors {
  retries: string | null
  delay: string | null
  most: string | null
  follow: string | null
}

/** What was typed as a request, and what is wrong with it field by field. */
export function readDraft(draft: ReconnectDraft): {
  request: ReconnectSettings | null
  errors: ReconnectErrors
} {
  const retries = Number(draft.retries.trim() || NaN)
  const delayMs = millis(draft.delay)
  const mostMs = millis(draft.most)
  const followMs = draft.follow.trim() === '' ? null : millis(draft.follow) * 60
  const errors: ReconnectErrors = {
    retries:
      draft.forEver || (Number.isInteger(retries) && retries >= 0 && retries <= 1_000)
        ? null
        : 'A whole number from 0 to 1,000.',
    delay: delayMs >= 100 && delayMs <= 600_000 ? null : 'From 0.1 to 600 seconds.',
    most:
      mostMs >= 100 && mostMs <= 3_600_000
        ? mostMs < delayMs
          ? 'Not shorter than the first delay.'
          : null
        : 'From 0.1 to 3,600 seconds.',
    follow:
      followMs === null || (followMs >= 1_000 && followMs <= LONGEST_FOLLOW_MS)
        ? null
        : 'From 1 second (0.02) to 33,333 minutes; empty follows to the end.',
  }
  const wrong = Object.values(errors).some((error) => error !== null)
  return {
    request: wrong ? null : { retries: draft.forEver ? null : retries, delayMs, mostMs, followMs },
    errors,
  }
}

function millis(text: string): number {
  return Math.round(Number(text.trim().replace(',', '.') || NaN) * 1_000)
}

/** "tries for ever, after 1.0s, then ever longer up to 30s" */
export function reconnectWords({ retries, delayMs, mostMs, followMs }: ReconnectSettings): string {
  const until = followMs === null ? '' : `; it is followed for ${formatRoughly(followMs)}`
  if (retries === 0) return `does not reconnect by itself${until}`
  const tries =
    retries === null ? 'tries for ever' : `tries ${retries} ${retries === 1 ? 'time' : 'times'} in a row`
  const longer = mostMs > delayMs ? `, then ever longer up to ${formatDuration(mostMs)}` : ' each time'
  return `${tries}, after ${formatDuration(delayMs)}${longer}${until}`
}
