import { formatCount } from '#lib/format.ts'
import type { Task } from '#model/task.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { useFreshness } from '#panels/progress/use-freshness.ts'
import { useNow } from '#streams/react.tsx'
import { Panel } from '#ui/panel.tsx'
import { Duration, Time } from '#ui/time.tsx'
import type { ReactNode } from 'react'
import { usageIn } from './usage.ts'

/** Ids that people look up elsewhere, with the words for them. */
const IDS = [
  ['sessionId', 'Session'],
  ['chatId', 'Chat'],
  ['flowRunId', 'Flow run'],
  ['worker', 'Worker'],
  ['engine', 'Engine'],
  ['appVersionId', 'App version'],
] as const

/** What the service says of a run beside its output: where and as what it ran, how long, and what it used. */
export function RunFacts(props: { task: Task }) {
  const { task } = props
  const { meta } = task.detail
  const now = useNow()
  const fresh = useFreshness(task)
  const until = task.endedAt ?? (fresh.stale ? fresh.seenAt : null) ?? now
  const usage = usageIn(meta.usage)
  return (
    <>
      <Panel title="Run">
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] items-baseline gap-x-4 gap-y-1 px-3 py-2.5">
          <Fact name="App">{task.type ?? 'not known'}</Fact>
          {text(meta.function) && <Fact name="Function">{text(meta.function)}</Fact>}
          {text(meta.infra) && <Fact name="Infrastructure">{text(meta.infra)}</Fact>}
          {task.startedAt !== null && (
            <Fact name="Created">
              <Time at={task.startedAt} as="when" now={now} />
            </Fact>
          )}
          {typeof meta.runAt === 'number' && (
            <Fact name="Run at">
              <Time at={meta.runAt} as="when" now={now} />
            </Fact>
          )}
          <Fact name="Duration">
            {task.startedAt === null ? (
              'not known'
            ) : (
              <>
                <Duration ms={until - task.startedAt} />
                {task.endedAt === null && (
                  <span className="text-faint">{fresh.stale ? ' when last seen' : ' so far'}</span>
                )}
              </>
            )}
          </Fact>
          <Fact name="Log">
            {formatCount(task.log.total)} {task.log.total === 1 ? 'line' : 'lines'}
          </Fact>
          {IDS.map(([key, name]) => {
            const id = text(meta[key])
            return (
              id && (
                <Fact key={key} name={name}>
                  <span className="flex min-w-0 items-center gap-0.5">
                    <span className="said-line font-mono text-sm" title={id}>
                      {id}
                    </span>
                    <CopyButton iconOnly label={`Copy ${name.toLowerCase()} ID`} text={() => id} />
                  </span>
                </Fact>
              )
            )
          })}
        </dl>
      </Panel>
      {usage.length > 0 && (
        <Panel title="Usage">
          <ul className="grid gap-1 px-3 py-2.5">
            {usage.map((entry, i) => (
              <li key={i} className="flex flex-wrap justify-between gap-x-4">
                <span className="said text-mute">{entry.what}</span>
                <span className="font-medium">{entry.amount}</span>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  )
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-faint">{props.name}</dt>
      <dd className="said min-w-0">{props.children}</dd>
    </>
  )
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : null
}
