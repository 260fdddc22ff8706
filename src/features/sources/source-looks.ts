import type { SourceStateName } from '#model/source.ts'
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
