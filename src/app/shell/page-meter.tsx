import { formatBytes, formatSi } from '#lib/format.ts'
import { useMeter } from '#streams/react.tsx'

/** What the page itself costs, as far as the browser tells, in the quietest type. */
export function PageMeter() {
  const { topics, eventsPerSecond, memory } = useMeter((meter) => meter)
  return (
    <section aria-labelledby="page-meter" className="px-2.5 text-sm text-faint">
      <h2 id="page-meter" className="pb-1 text-xs">
        This page
      </h2>
      <dl className="grid grid-cols-[1fr_auto] gap-y-0.5">
        <dt>Streams</dt>
        <dd className="text-right">{topics}</dd>
        <dt>Events</dt>
        <dd className="text-right">{formatSi(eventsPerSecond)}/s</dd>
        {memory !== null && (
          <>
            <dt>Memory</dt>
            <dd className="text-right">{formatBytes(memory)}</dd>
          </>
        )}
      </dl>
    </section>
  )
}
