import type { Tone } from '#ui/tone.ts'

/** Tones as areas. */
export const TONE_AREA: Record<Tone, string> = {
  run: 'bg-run',
  ok: 'bg-ok',
  bad: 'bg-bad',
  warn: 'bg-warn',
  wait: 'bg-wait',
  plain: 'bg-wait',
}
