import { useShallow } from 'zustand/react/shallow'
import { useList } from '#streams/react.tsx'
import { MediaHostsList } from '#panels/output/media-hosts-list.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { CommandLedger } from './command-ledger.tsx'
import { SourceCard } from './source-card.tsx'

/** The connections and what went over them: `/sources`. */
export function SourcesPage() {
  const ready = useList('sources', (list) => list.ready)
  const names = useList(
    'sources',
    useShallow((list) => [...list.items.keys()]),
  )
  return (
    <div className="h-full overflow-y-auto px-4 pt-3 pb-10 sm:px-[18px]">
      <h1 className="mb-3 text-lg font-semibold">Sources</h1>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-3 xl:grid-cols-[minmax(0,1.3fr)_minmax(0,1fr)]">
        <div className="grid gap-3">
          {names.map((name) => (
            <SourceOf key={name} name={name} />
          ))}
          {names.length === 0 && <NoSources ready={ready} />}
        </div>
        <div className="grid gap-3">
          <CommandLedger />
          <MediaHostsList />
        </div>
      </div>
    </div>
  )
}

function SourceOf(props: { name: string }) {
  const source = useList('sources', (list) => list.items.get(props.name))
  return source && <SourceCard source={source} />
}

function NoSources(props: { ready: boolean }) {
  if (!props.ready) return <Waiting className="justify-center py-10">Loading the sources…</Waiting>
  return (
    <EmptyState icon="source" title="No sources">
      Start Weir with <code className="font-mono text-sm">--source NAME=KIND:URL</code> to watch a server.
    </EmptyState>
  )
}
