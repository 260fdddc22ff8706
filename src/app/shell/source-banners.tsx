import { Link } from '@tanstack/react-router'
import { useShallow } from 'zustand/react/shallow'
import { SOURCE_LOOKS } from '#features/sources/source-looks.ts'
import { isSourceStale } from '#model/source.ts'
import { useList } from '#streams/react.tsx'
import { Banner } from '#ui/banner.tsx'
import { Time } from '#ui/time.tsx'

/** One line for every source that does not answer, for as long as it does not. */
export function SourceBanners() {
  const names = useList(
    'sources',
    useShallow((state) => [...state.items.values()].filter(isSourceStale).map((source) => source.name)),
  )
  return (
    <div role="status" aria-label="Sources">
      {names.map((name) => (
        <SourceBanner key={name} name={name} />
      ))}
    </div>
  )
}

function SourceBanner(props: { name: string }) {
  const facts = useList(
    'sources',
    useShallow((state) => {
      const source = state.items.get(props.name)
      return source ? { state: source.state, detail: source.detail, since: source.since } : null
    }),
  )
  if (!facts) return null
  const { label, tone } = SOURCE_LOOKS[facts.state]
  return (
    <Banner
      tone={tone}
      icon="unlink"
      className="border-b border-line"
      actions={
        <Link to="/sources" className="shrink-0 text-accent hover:underline max-sm:sr-only">
          Details
        </Link>
      }
    >
      <span className="line-clamp-2 max-sm:line-clamp-3">
        <b className="font-medium">{props.name}</b> {label.toLowerCase()} since <Time at={facts.since} />.{' '}
        {facts.detail}
      </span>
    </Banner>
  )
}
