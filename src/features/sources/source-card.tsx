import { useMutation } from '@tanstack/react-query'
import { useId } from 'react'
import { formatCount, formatRoughly, formatSi } from '#lib/format.ts'
import { isSourceStale, type Source, type SourceFault } from '#model/source.ts'
import { useAgeNow, useList, useLiveness, useNow } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { StatusBadge } from '#ui/status-badge.tsx'
import { Time } from '#ui/time.tsx'
import { SOURCE_LOOKS } from './source-looks.ts'
import { linkOf, skewWords } from './source-words.ts'
import { ReconnectForm } from './reconnect-form.tsx'
import { SourceStreams } from './source-streams.tsx'

/** One connection: how it stands in words, what it has carried, and its streams. */
export function SourceCard(props: { source: Source }) {
  const { source } = props
  const id = useId()
  const now = useNow()
  const live = useLiveness() === 'live'
  const look = SOURCE_LOOKS[source.state]
  return (
    <article
      aria-labelledby={id}
      data-source-state={source.state}
      className="overflow-hidden rounded-lg border border-line bg-panel shadow-cast"
    >
      <div className={classes('grid gap-3 p-4', (!live || isSourceStale(source)) && 'hatch')}>
        <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 basis-60">
            <h2 id={id} className="said text-[15px] font-semibold">
              {source.name}
            </h2>
            <p className="said text-mute">
              {source.label} · <Address source={source} />
            </p>
          </div>
          <div className="flex items-center gap-3">
            <StatusBadge
              tone={look.tone}
              icon={live ? look.icon : 'question'}
              label={look.label}
              note={live ? null : 'last seen'}
              turning={live && (look.turning ?? false)}
              hatched={!live || (look.hatched ?? false)}
            />
            {source.state !== 'ok' && <Retry name={source.name} />}
          </div>
        </div>
        <p className="said">
          {sentence(source.detail)}{' '}
          <span className="text-faint">
            {look.label} since <Time at={source.since} as="when" now={now} />, for{' '}
            {formatRoughly(now - source.since)}.
          </span>
        </p>
        {source.state === 'refused' && <Refused />}
        <Figures source={source} live={live} />
        {skewWords(source) && <p className="said text-sm text-warn">{skewWords(source)}</p>}
        {source.faults && source.faults.length > 0 && <Faults faults={source.faults} />}
        {source.lastError && (
          <p className="said border-t border-line pt-2 text-sm">
            <span className="text-faint">
              Last error, <Time at={source.lastError.at} as="when" now={now} />:{' '}
            </span>
            <span className="font-mono text-mute">{source.lastError.text.slice(0, 1_000)}</span>
          </p>
        )}
      </div>
      <SourceStreams name={source.name} />
      {source.reconnect && <ReconnectForm name={source.name} settings={source.reconnect} />}
    </article>
  )
}

/** It answers, but not to Weir: what that means for what is shown. */
function Refused() {
  return (
    <p className="said border-l-2 border-bad pl-2.5">
      What is shown of this source is from before. What lets Weir in is kept where Weir runs and never reaches
      this page.
    </p>
  )
}

/** What of the source is not shown as it should be: never nothing in silence. */
function Faults(props: { faults: readonly SourceFault[] }) {
  const { faults } = props
  return (
    <div className="border-l-2 border-warn pl-2.5 text-sm">
      <p>
        {faults.length === 1 ? 'One thing' : `${faults.length} things`} cannot be shown as{' '}
        {faults.length === 1 ? 'it' : 'they'} should be:
      </p>
      <ul role="list">
        {faults.map(({ item, text }) => (
          <li key={item} className="said">
            <span className="font-mono">{item}</span>: <span className="text-mute">{text}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}

/** Details come with a full stop or without. */
function sentence(text: string): string {
  const cut = text.slice(0, 1_000)
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`
}

function Address(props: { source: Source }) {
  const { source } = props
  if (source.embedded) return <>emulated inside Weir</>
  const link = linkOf(source)
  if (link === null) return <span className="font-mono text-sm">{source.url}</span>
  return (
    <a
      href={link}
      target="_blank"
      rel="noreferrer noopener"
      className="font-mono text-sm underline-offset-2 hover:text-ink hover:underline"
    >
      {source.url}
    </a>
  )
}

function Retry(props: { name: string }) {
  const weir = useWeir()
  const retry = useMutation({ mutationFn: () => weir.retrySource(props.name) })
  return (
    <>
      <Button
        icon="refresh"
        busy={retry.isPending}
        onClick={() => {
          retry.mutate()
        }}
      >
        Retry now
      </Button>
      {retry.isError && (
        <span role="alert" className="said text-sm text-bad">
          {retry.error.message}
        </span>
      )}
    </>
  )
}

/** @param props.live what is counted by the second can be claimed for now */
function Figures(props: { source: Source; live: boolean }) {
  const { source, live } = props
  const now = useAgeNow()
  const missed = useList('tasks', (list) => {
    let steps = 0
    for (const task of list.items.values()) if (task.source === source.name) steps += task.stepsMissed
    return steps
  })
  return (
    <dl className="grid grid-cols-[repeat(auto-fill,minmax(104px,1fr))] gap-x-4 gap-y-2.5">
      <Figure name="Latency" value={source.latencyMs === null ? '–' : `${Math.round(source.latencyMs)} ms`} />
      <Figure name="Events now" value={live ? `${formatSi(source.eventsPerSecond)}/s` : '–'} />
      <Figure name="Events in all" value={formatCount(source.events)} />
      <Figure name="Open streams" value={live ? formatCount(source.openStreams) : '–'} />
      <Figure
        name="Task list read"
        value={source.tasksReadAt === null ? 'not yet' : `${formatRoughly(now - source.tasksReadAt)} ago`}
      />
      <Figure name="Gaps" value={formatCount(source.gaps)} warn={source.gaps > 0} />
      <Figure name="Steps missed" value={formatCount(missed)} warn={missed > 0} />
      <Figure name="Reconnects" value={formatCount(source.reconnects)} warn={source.reconnects > 0} />
      <Figure name="Restarts seen" value={formatCount(source.restarts)} warn={source.restarts > 0} />
    </dl>
  )
}

function Figure(props: { name: string; value: string; warn?: boolean }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-faint">{props.name}</dt>
      <dd
        title={props.value}
        className={classes('truncate font-medium', props.warn ? 'text-warn' : 'text-ink')}
      >
        {props.value}
      </dd>
    </div>
  )
}
