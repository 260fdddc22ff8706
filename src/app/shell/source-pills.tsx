import { Link } from '@tanstack/react-router'
import { useShallow } from 'zustand/react/shallow'
import { SOURCE_LOOKS } from '#features/sources/source-looks.ts'
import type { SourceStateName } from '#model/source.ts'
import { useList, useLiveness } from '#streams/react.tsx'
import { TONE_TEXT } from '#ui/tone.ts'

const AT_MOST = 4
/** Without a word of the relay nothing is known of them. */
const UNSEEN = { label: 'Not known', tone: 'wait' } as const

/** Each source with its state; the word is silent only while all is well. */
export function SourcePills() {
  const live = useLiveness() === 'live'
  // Joined into strings, so that the counters of a source do not draw the bar anew.
  const entries = useList(
    'sources',
    useShallow((state) => [...state.items.values()].map(({ name, state }) => `${state}|${name}`)),
  )
  const sources = entries.map((entry) => {
    const [state, ...name] = entry.split('|')
    const { label, tone } = live ? SOURCE_LOOKS[state as SourceStateName] : UNSEEN
    return { name: name.join('|'), word: label.toLowerCase(), tone }
  })
  const odd = sources.filter((source) => source.tone !== 'ok')
  const summed = sources.length > AT_MOST
  return (
    <Link
      to="/sources"
      aria-label={`Connections: ${sources.map((source) => `${source.name} ${source.word}`).join(', ')}`}
      className="ml-auto flex min-w-0 items-center gap-3.5 text-mute hover:text-ink"
    >
      <span className={summed ? 'hidden' : 'contents max-lg:hidden'}>
        {sources.map((source) => (
          <Pill key={source.name} name={source.name} word={source.word} tone={source.tone} />
        ))}
      </span>
      {sources.length > 0 && (
        <span className={summed ? 'contents' : 'hidden max-lg:contents'}>
          <Pill
            name={sources.length === 1 ? sources[0]!.name : `${sources.length}`}
            suffix={sources.length === 1 ? '' : ' sources'}
            word={
              odd.length === 0 ? 'answering' : sources.length === 1 ? odd[0]!.word : `${odd.length} not well`
            }
            tone={odd.some((source) => source.tone === 'bad') ? 'bad' : (odd[0]?.tone ?? 'ok')}
          />
        </span>
      )}
    </Link>
  )
}

function Pill(props: { name: string; suffix?: string; word: string; tone: keyof typeof TONE_TEXT }) {
  const { name, suffix = '', word, tone } = props
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5" title={`${name}${suffix}: ${word}`}>
      <i
        className={`size-[7px] shrink-0 rounded-full ${TONE_TEXT[tone]} ${
          tone === 'ok' ? 'bg-current' : 'border-2 border-current'
        }`}
      />
      <span className="said-line max-w-[120px]">
        {name}
        <span className="max-sm:hidden">{suffix}</span>
      </span>
      <span className={tone === 'ok' ? 'sr-only' : `whitespace-nowrap max-sm:sr-only ${TONE_TEXT[tone]}`}>
        {word}
      </span>
    </span>
  )
}
