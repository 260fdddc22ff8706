import type { SourceStateName } from '#model/source.ts'
import type { Tone } from '#ui/tone.ts'

/** A source's state as a word and a tone. */
export const SOURCE_WORDS: Record<SourceStateName, { word: string; tone: Tone }> = {
  connecting: { word: 'connecting', tone: 'wait' },
  ok: { word: 'answering', tone: 'ok' },
  not_answering: { word: 'not answering', tone: 'warn' },
  unreachable: { word: 'unreachable', tone: 'bad' },
  wrong: { word: 'not such a server', tone: 'bad' },
  refused: { word: 'refused', tone: 'bad' },
  stopping: { word: 'stopping', tone: 'warn' },
}
