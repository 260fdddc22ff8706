import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { formatBytes, formatCount } from '#lib/format.ts'
import type { Batch } from '#model/batch.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Dialog } from '#ui/dialog.tsx'
import { Icon } from '#ui/icon.tsx'
import { ProgressBar } from '#ui/progress-bar.tsx'
import { collectRuns, exportCsv, exportJson } from './export-batch.ts'
import { useTaskOf } from './use-batch.ts'

/** Saves inputs, states, times and outputs; the outputs are read for it. */
export function ExportDialog(props: {
  batch: Batch
  inputs: readonly Readonly<Record<string, unknown>>[]
  onClose: () => void
}) {
  const { batch, inputs, onClose } = props
  const weir = useWeir()
  const taskOf = useTaskOf(batch.source)
  const [state, setState] = useState<{ done: number; total: number } | 'ready' | { fault: string }>('ready')
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const save = async (format: 'json' | 'csv') => {
    const { signal } = (abort.current = new AbortController())
    setState({ done: 0, total: 0 })
    try {
      const runs = await collectRuns({
        batch,
        inputs,
        taskOf,
        output: (id) => weir.output(batch.source, id),
        onProgress: (done, total) => {
          if (!signal.aborted) setState({ done, total })
        },
        signal,
      })
      const text = format === 'json' ? exportJson(batch, runs) : exportCsv(runs)
      download(`${fileName(batch.name)}.${format}`, text, format === 'json' ? 'application/json' : 'text/csv')
      const missing = runs.filter((run) => run.outputError !== null)
      if (missing.length === 0) onClose()
      else
        setState({
          fault: `Saved. ${missing.length} outputs could not be read; the file says so. The first: ${missing[0]?.outputError}`,
        })
    } catch (error) {
      if (!signal.aborted) setState({ fault: error instanceof Error ? error.message : String(error) })
    }
  }
  const busy = typeof state === 'object' && 'done' in state
  return (
    <Dialog
      title="Export batch"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{busy ? 'Stop' : 'Close'}</Button>
          <Button icon="download" disabled={busy} onClick={() => void save('csv')}>
            Save CSV
          </Button>
          <Button
            look="primary"
            icon="download"
            disabled={busy}
            onClick={() => void save('json')}
            data-autofocus
          >
            Save JSON
          </Button>
        </>
      }
    >
      <p className="text-pretty text-mute">
        Inputs, states, times, errors and outputs of all {formatCount(batch.total)} runs. Outputs are read
        from {batch.source} now; files in them stay addresses.
      </p>
      <Logs batch={batch} />
      {busy && (
        <div className="mt-3 grid gap-1" role="status">
          <ProgressBar
            label="Outputs read"
            value={state.total === 0 ? 0 : (state.done / state.total) * 100}
            text={`${state.done} of ${state.total}`}
          />
          <span className="text-sm text-faint">
            {state.done} of {state.total} outputs
          </span>
        </div>
      )}
      {typeof state === 'object' && 'fault' in state && (
        <p role="alert" className="said mt-3 text-bad">
          {state.fault}
        </p>
      )}
    </Dialog>
  )
}

/** All logs in one text, beside the outputs; the relay sends it as it reads it. */
function Logs(props: { batch: Batch }) {
  const { batch } = props
  const weir = useWeir()
  // It grows while runs go on: what it is now is what matters.
  const size = useQuery({
    queryKey: ['batch-size', batch.id],
    queryFn: () => weir.batchSize(batch.id),
    staleTime: 0,
  })
  return (
    <div className="mt-3 grid gap-2 border-t border-line pt-3">
      <p className="text-pretty text-mute">
        The logs of all runs with their inputs and outputs as one text
        {size.data && (
          <>
            : {formatCount(size.data.lines)} {size.data.lines === 1 ? 'line' : 'lines'}, about{' '}
            {formatBytes(size.data.bytes)} as it is now
          </>
        )}
        .
        {size.data && size.data.linesGone > 0 && (
          <span className="text-warn">
            {' '}
            {formatCount(size.data.linesGone)} older lines are no longer kept; the text says where.
          </span>
        )}
      </p>
      {size.isError && (
        <p role="alert" className="said text-bad">
          {size.error.message}
        </p>
      )}
      <a
        href={weir.batchTextUrl(batch.id)}
        download
        className="inline-flex h-8 items-center gap-1.5 justify-self-start rounded-md border border-line2 bg-raise px-2.5 hover:bg-hover"
      >
        <Icon name="download" size={14} />
        Save logs and outputs
      </a>
    </div>
  )
}

function fileName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'batch'
}

function download(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 10_000)
}
