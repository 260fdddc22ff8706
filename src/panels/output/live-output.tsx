import { formatBytes } from '#lib/format.ts'
import { isTerminal } from '#model/status.ts'
import type { OutputInfo, Task } from '#model/task.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Banner } from '#ui/banner.tsx'
import { Button } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { OutputBody } from './output-body.tsx'
import { RevisionBar } from './revision-bar.tsx'
import { useRevision } from './use-revision.ts'
import { useTaskSchemas } from './use-task-schemas.ts'

/** The output of a run: as it grows, as it ended, and as it was on the way. */
export function LiveOutput(props: { task: Task; output: OutputInfo; fill: boolean }) {
  const { task, output, fill } = props
  const weir = useWeir()
  const shown = useRevision(task, output)
  const schemas = useTaskSchemas(task)
  const { json } = shown
  const actions = (
    <>
      <span>{formatBytes(shown.live ? output.bytes : (json?.length ?? null))}</span>
      <CopyButton
        label="Copy"
        small
        text={async () => json ?? (await weir.output(task.source, task.id, shown.revision))}
      />
      <a
        href={weir.outputUrl(task.source, task.id)}
        download={`${task.id}.json`}
        className="inline-flex h-6 items-center gap-1.5 rounded-md border border-line2 bg-raise px-2 text-sm text-ink hover:bg-hover"
      >
        <Icon name="download" size={14} />
        Download
      </a>
    </>
  )
  const bar = (tools: React.ReactNode, gone: readonly string[]) => (
    <>
      <RevisionBar
        shown={shown}
        at={Math.min(output.at, task.endedAt ?? output.at)}
        provisional={output.provisional}
        over={isTerminal(task.status)}
        gone={gone}
      >
        {tools}
      </RevisionBar>
      {json !== null && shown.error !== null && (
        <Banner
          tone="warn"
          role="alert"
          actions={
            <Button small icon="refresh" busy={shown.loading} onClick={shown.load}>
              Try again
            </Button>
          }
        >
          Output {shown.revision} cannot be read: {shown.error}
          {shown.held !== null && ` What you see is output ${shown.held}.`}
        </Banner>
      )}
    </>
  )
  if (json !== null)
    return (
      <OutputBody
        json={json}
        schema={schemas?.output}
        rich
        changed={shown.revision > 1 ? shown.changed : []}
        fill={fill}
        actions={actions}
        bar={(tools, fields) =>
          bar(
            tools,
            fields.length === 0
              ? []
              : shown.changed.filter((key) => fields.every((field) => field.key !== key)),
          )
        }
      />
    )
  return (
    <>
      {bar(actions, [])}
      <div className="grid justify-items-center gap-3 px-3 py-6 text-center">
        {shown.error !== null && (
          <p role="alert" className="said text-bad">
            {shown.error}
          </p>
        )}
        {shown.waits || shown.error !== null ? (
          <Button
            icon={shown.error === null ? 'download' : 'refresh'}
            busy={shown.loading}
            onClick={shown.load}
          >
            {shown.error === null ? `Load ${formatBytes(output.bytes)}` : 'Try again'}
          </Button>
        ) : (
          <Waiting>Loading the output…</Waiting>
        )}
      </div>
    </>
  )
}
