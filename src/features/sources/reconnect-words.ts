import { formatDuration } from '#lib/format.ts'
import type { ReconnectRequest } from '#protocols/weir/api.ts'

/** What the relay does when nobody said otherwise. */
export const USUAL: ReconnectRequest = { retries: null, delayMs: 1_000, mostMs: 30_000 }

/** The settings as typed, in seconds. */
export interface ReconnectDraft {
  forEver: boolean
  retries: string
  delay: string
  most: string
}

export function draftOf(request: ReconnectRequest): ReconnectDraft {
  return {
    forEver: request.retries === null,
    retries: String(request.retries ?? 5),
    delay: String(request.delayMs / 1_000),
    most: String(request.mostMs / 1_000),
  }
}

export interface ReconnectErrors {
  retries: string | null
  delay: string | null
  most: string | null
}

/** What was typed as a request, and what is wrong with it field by field. */
export function readDraft(draft: ReconnectDraft): {
  request: ReconnectRequest | null
  errors: ReconnectErrors
} {
  const retries = Number(draft.retries.trim() || NaN)
  const delayMs = millis(draft.delay)
  const mostMs = millis(draft.most)
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
  }
  const wrong = errors.retries !== null || errors.delay !== null || errors.most !== null
  return { request: wrong ? null : { retries: draft.forEver ? null : retries, delayMs, mostMs }, errors }
}

function millis(text: string): number {
  return Math.round(Number(text.trim().replace(',', '.') || NaN) * 1_000)
}

/** "tries for ever, after 1.0s, then ever longer up to 30s" */
export function reconnectWords({ retries, delayMs, mostMs }: ReconnectRequest): string {
  if (retries === 0) return 'does not reconnect by itself'
  const tries =
    retries === null ? 'tries for ever' : `tries ${retries} ${retries === 1 ? 'time' : 'times'} in a row`
  const longer = mostMs > delayMs ? `, then ever longer up to ${formatDuration(mostMs)}` : ' each time'
  return `${tries}, after ${formatDuration(delayMs)}${longer}`
}
