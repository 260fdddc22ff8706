import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { formatBytes } from '#lib/format.ts'
import { ResultBody } from '#panels/output/result-body.tsx'
import { CopyButton } from '#panels/task/copy-button.tsx'
import type { Call } from '#protocols/weir/api.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { lazyPart } from '#ui/lazy-part.tsx'
import { resultKind } from './result-kind.ts'

const NumbersPlot = lazyPart(async () => (await import('./numbers-plot.tsx')).NumbersPlot, {
  waiting: <p className="text-mute">Loading the plot…</p>,
})

/** A call's result as it is read best; a long one whole on demand. */
export function CallResult(props: { source: string; id: string; call: Call }) {
  const { source, id, call } = props
  const { result } = call
  const weir = useWeir()
  const [whole, setWhole] = useState(false)
  const isCut = result !== null && new TextEncoder().encode(result.preview).length < result.bytes
  const query = useQuery({
    queryKey: ['call-result', source, id, call.command],
    queryFn: () => weir.callResult(source, id, call.command),
    enabled: whole && isCut,
    staleTime: Infinity,
  })
  if (result === null) return <p className="text-mute">It gave no result.</p>
  if (!isCut) return <Shown text={result.preview} />
  if (query.data !== undefined) return <Shown text={query.data} />
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5">
      <pre className="said line-clamp-4 font-mono text-sm whitespace-pre-wrap text-mute">
        {result.preview.slice(0, 600)}…
      </pre>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          small
          busy={query.isFetching}
          onClick={() => {
            if (whole) void query.refetch()
            setWhole(true)
          }}
        >
          Show all {formatBytes(result.bytes)}
        </Button>
        {query.isError && (
          <span role="alert" className="said text-sm text-bad">
            {query.error.message}
          </span>
        )}
      </div>
    </div>
  )
}

function Shown(props: { text: string }) {
  const { text } = props
  const kind = useMemo(() => resultKind(text), [text])
  switch (kind.as) {
    case 'nothing':
      return <p className="text-mute">Done; it returns nothing.</p>
    case 'scalar':
      return (
        <p className="flex min-w-0 items-center gap-1">
          <span className={kind.isText ? 'said text-base' : 'said text-xl font-medium'}>{kind.text}</span>
          <CopyButton iconOnly label="Copy result" text={() => kind.text} />
        </p>
      )
    case 'table':
      return (
        <dl className="grid max-h-80 grid-cols-[max-content_minmax(0,1fr)] gap-x-4 overflow-y-auto">
          {kind.rows.map(({ name, text: value }) => (
            <div key={name} className="contents">
              <dt className="said max-w-48 text-faint">{name}</dt>
              <dd className="said font-medium">{value}</dd>
            </div>
          ))}
        </dl>
      )
    case 'numbers':
      return <NumbersPlot lines={kind.lines} text={text} />
    case 'tree':
      return (
        <div className="min-w-0 overflow-hidden rounded-md border border-line">
          <ResultBody
            text={text}
            fill={false}
            actions={<CopyButton small iconOnly label="Copy result" text={() => text} />}
          />
        </div>
      )
  }
}
