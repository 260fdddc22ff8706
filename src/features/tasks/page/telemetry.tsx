import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatBytes, formatCount } from '#lib/format.ts'
import { isTerminal } from '#model/status.ts'
import type { TaskSummary } from '#model/task.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Panel } from '#ui/panel.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { isBytes, lineIn, seriesIn, type Series } from './telemetry-series.ts'

const AGAIN_MS = 5_000
const BOX = { width: 120, height: 22 }

/** What the worker measured while it ran; asked for when a person wants to see it. */
export function Telemetry(props: { task: TaskSummary }) {
  const { task } = props
  const { source, id } = task
  const weir = useWeir()
  const [wanted, setWanted] = useState(false)
  const query = useQuery({
    queryKey: ['telemetry', source, id, isTerminal(task.status)],
    queryFn: () => weir.extra(source, id, 'telemetry'),
    enabled: wanted,
    refetchInterval: isTerminal(task.status) ? false : AGAIN_MS,
    select: seriesIn,
    retry: false,
  })
  return (
    <Panel title="Telemetry">
      {!wanted ? (
        <p className="flex items-center gap-3 px-3 py-2.5 text-mute">
          <Button
            onClick={() => {
              setWanted(true)
            }}
          >
            Show telemetry
          </Button>
        </p>
      ) : query.data === undefined ? (
        query.isError ? (
          <p role="alert" className="said px-3 py-2.5 text-mute">
            {query.error.message}
          </p>
        ) : (
          <Waiting className="px-3 py-2.5">Loading…</Waiting>
        )
      ) : query.data.length === 0 ? (
        <p className="px-3 py-2.5 text-mute">The service keeps no measurements of this run.</p>
      ) : (
        <dl className="grid gap-1.5 px-3 py-2.5">
          {query.data.map((series) => (
            <Line key={series.name} series={series} />
          ))}
        </dl>
      )}
    </Panel>
  )
}

function Line(props: { series: Series }) {
  const { series } = props
  const show = (value: number) => (isBytes(series.name) ? formatBytes(value) : formatCount(value))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_120px_72px] items-center gap-2.5">
      <dt className="said-line text-mute" title={series.name}>
        {series.name}
      </dt>
      <svg
        viewBox={`-1 -1 ${BOX.width + 2} ${BOX.height + 2}`}
        height={BOX.height}
        preserveAspectRatio="none"
        aria-hidden="true"
        className="w-full text-run"
      >
        <polyline
          points={lineIn(series, BOX.width, BOX.height)}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.4"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <dd className="text-right whitespace-nowrap" title={`${show(series.least)} to ${show(series.most)}`}>
        {show(series.last)}
        <span className="sr-only">
          , between {show(series.least)} and {show(series.most)}
        </span>
      </dd>
    </div>
  )
}
