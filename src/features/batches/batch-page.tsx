import { formatCount } from '#lib/format.ts'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { Batch } from '#model/batch.ts'
import { mayRun } from '#model/task.ts'
import { failedWords } from '#panels/command/failed-words.ts'
import { stopOrAsk } from '#panels/command/stop-question.ts'
import { WeirError } from '#protocols/weir/client.ts'
import { useNow, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Banner } from '#ui/banner.tsx'
import { Button, IconButton } from '#ui/button.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { toast } from '#ui/toast.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { endedOf } from './batch-counts.ts'
import { BatchStatus } from './batch-status.tsx'
import { captionOf, differingFields } from './differing.ts'
import { ExportDialog } from './export-dialog.tsx'
import { EmptySlot, RunCard } from './run-card.tsx'
import { useBatch, useCounts, useInputs, useTaskOf } from './use-batch.ts'

/** One batch: the grid of its results as they come. */
export function BatchPage() {
  const { batchId } = useParams({ from: '/batches/$batchId' })
  return <BatchOf key={batchId} id={batchId} />
}

function BatchOf(props: { id: string }) {
  const { id } = props
  const { batch, isGone, ready } = useBatch(id)
  if (batch) return <Shown batch={batch} isGone={isGone} />
  if (!ready) return <Waiting className="justify-center px-4 py-16">Reading the batch</Waiting>
  return (
    <EmptyState
      level={1}
      icon="grid"
      title="No such batch"
      actions={
        <Link to="/batches" className="text-accent hover:underline">
          Batches that Weir knows
        </Link>
      }
    >
      Weir has no batch <b className="said font-mono text-sm">{id}</b>. It keeps the newest ones, until it is
      restarted.
    </EmptyState>
  )
}

/** @param props.isGone the relay has it no more */
function Shown(props: { batch: Batch; isGone: boolean }) {
  const { batch, isGone } = props
  const counts = useCounts(batch)
  const inputs = useInputs(batch.id)
  const fields = useMemo(() => differingFields(inputs.data ?? []), [inputs.data])
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3 px-4 pt-3 pb-16 sm:px-[18px]">
      <nav aria-label="Breadcrumb" className="-mb-1.5 text-sm text-faint">
        <Link to="/batches" className="inline-flex items-center gap-1 hover:text-ink">
          <Icon name="chevronLeft" size={12} />
          Batches
        </Link>
      </nav>
      {isGone && (
        <Banner tone="warn" className="rounded-md">
          Weir has no such batch any more. What you see is from before, and in this page only.
        </Banner>
      )}
      <Head batch={batch} counts={counts} inputs={inputs.data} />
      <BatchStatus batch={batch} counts={counts} />
      {inputs.isError && (
        <Banner tone="warn" className="rounded-md">
          The inputs cannot be read: {inputs.error.message}
        </Banner>
      )}
      {batch.refused.length > 0 && <Refused batch={batch} />}
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,248px),1fr))] gap-3">
        {batch.taskIds.map((id, index) => {
          const caption = captionOf(inputs.data?.[index], fields)
          const number = index + 1
          if (id !== null)
            return <RunCard key={index} source={batch.source} id={id} number={number} caption={caption} />
          const refusal = batch.refused.find((each) => each.index === index)
          return (
            <EmptySlot key={index} number={number} caption={caption} bad={refusal !== undefined}>
              {refusal
                ? `refused: ${refusal.message}`
                : batch.cancelledAt === null
                  ? 'waiting'
                  : 'not started'}
            </EmptySlot>
          )
        })}
      </div>
    </div>
  )
}

function Head(props: {
  batch: Batch
  counts: ReturnType<typeof useCounts>
  inputs: readonly Readonly<Record<string, unknown>>[] | undefined
}) {
  const { batch, counts, inputs } = props
  const weir = useWeir()
  const navigate = useNavigate()
  const now = useNow(60_000)
  const [busy, setBusy] = useState<'cancel' | 'rerun' | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [exporting, setExporting] = useState(false)
  const streams = useStreams()
  const taskOf = useTaskOf(batch.source)
  const active = counts.waiting + counts.running
  const ask = (what: 'cancel' | 'rerun', act: () => Promise<void>) => {
    setBusy(what)
    setFault(null)
    act()
      .catch((error: unknown) => {
        setFault(error instanceof WeirError ? error.message : String(error))
      })
      .finally(() => {
        setBusy(null)
      })
  }
  const cancelAll = async () => {
    const { commands } = await weir.cancelBatch(batch.id)
    const failed = failedWords(commands)
    if (failed !== null) setFault(failed)
    else toast({ tone: 'plain', text: `Asked ${commands.length} to cancel; what waited does not start` })
  }
  const rerun = async () => {
    const { batch: next } = await weir.rerunFailed(batch.id)
    await navigate({ to: '/batches/$batchId', params: { batchId: next.id } })
  }
  return (
    <header className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="said text-lg/7 font-semibold">{batch.name}</h1>
          <p className="said text-sm text-mute">
            {batch.type} in {batch.source}, {formatCount(batch.total)} runs, {batch.concurrency} at once,
            started <Time at={batch.startedAt} as="when" now={now} />
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button
            icon="stop"
            busy={busy === 'cancel'}
            disabled={active === 0 || busy === 'rerun'}
            title={active === 0 ? 'All have ended' : 'Cancels what runs and starts nothing more'}
            className="touch-target"
            onClick={() => {
              const tasks = batch.taskIds.flatMap((id) => (id === null ? [] : (taskOf(id) ?? [])))
              stopOrAsk(streams, {
                kind: 'many',
                tasks: tasks.filter(mayRun),
                also: batch.waiting > 0 ? `${formatCount(batch.waiting)} more wait, and do not start.` : null,
                stop: () => {
                  ask('cancel', cancelAll)
                },
              })
            }}
          >
            Cancel all
          </Button>
          <Button
            icon="refresh"
            busy={busy === 'rerun'}
            disabled={counts.failed === 0 || busy === 'cancel'}
            title={
              counts.failed === 0 ? 'None has failed' : 'Runs the inputs of those that failed, as a new batch'
            }
            onClick={() => {
              ask('rerun', rerun)
            }}
          >
            Rerun failed
          </Button>
          <Button
            icon="download"
            disabled={!inputs}
            title={
              endedOf(counts) < batch.total
                ? 'Inputs, states and the outputs so far'
                : 'Inputs, states and outputs'
            }
            onClick={() => {
              setExporting(true)
            }}
          >
            Export
          </Button>
        </div>
      </div>
      {fault !== null && (
        <Banner
          tone="bad"
          role="alert"
          className="rounded-md"
          actions={
            <IconButton
              icon="cross"
              label="Dismiss"
              onClick={() => {
                setFault(null)
              }}
            />
          }
        >
          {fault}
        </Banner>
      )}
      {exporting && inputs && (
        <ExportDialog
          batch={batch}
          inputs={inputs}
          onClose={() => {
            setExporting(false)
          }}
        />
      )}
    </header>
  )
}

const REFUSED_SHOWN = 5

/** Refusals often say all the same: each message once, with the runs it was for. */
function Refused(props: { batch: Batch }) {
  const byMessage = new Map<string, number[]>()
  for (const { index, message } of props.batch.refused)
    byMessage.set(message, [...(byMessage.get(message) ?? []), index + 1])
  const all = [...byMessage]
  return (
    <Banner tone="bad" className="items-start rounded-md">
      <b className="font-medium">
        {props.batch.refused.length === 1
          ? 'One start was refused'
          : `${props.batch.refused.length} starts were refused`}
      </b>
      <ul className="grid gap-0.5">
        {all.slice(0, REFUSED_SHOWN).map(([message, runs]) => (
          <li key={message}>
            {runs.length === 1 ? 'Run' : 'Runs'} {runs.slice(0, 12).join(', ')}
            {runs.length > 12 && ' …'}: {message}
          </li>
        ))}
        {all.length > REFUSED_SHOWN && (
          <li>and {all.length - REFUSED_SHOWN} other reasons, each in its place</li>
        )}
      </ul>
    </Banner>
  )
}
