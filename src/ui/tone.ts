/** The few meanings that colour has; never used without a word beside it. */
export type Tone = 'run' | 'ok' | 'bad' | 'warn' | 'wait' | 'plain'

export const TONE_TEXT: Record<Tone, string> = {
  run: 'text-run',
  ok: 'text-ok',
  bad: 'text-bad',
  warn: 'text-warn',
  wait: 'text-wait',
  plain: 'text-mute',
}
