import { isJsonObject, stringifyExact } from '#lib/exact-json.ts'
import { whyNot } from '#model/capabilities.ts'
import { isTerminal } from '#model/status.ts'
import type { Setting, Task } from '#model/task.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { useNow } from '#streams/react.tsx'
import { useCapabilities } from '#streams/use-can.ts'
import { DataItem, DataList } from '#ui/data-list.tsx'
import { Time } from '#ui/time.tsx'
import { RunInput } from './run-input.tsx'
import { SetParameter } from './set-parameter.tsx'

/** What the task was started with, what was set since, and a way to set more. */
export function Parameters(props: { task: Task }) {
  const { task } = props
  const { params, settings } = task.detail
  const start = useCapabilities(task.source)?.start
  if (start === 'schema') return <RunInput task={task} />
  return (
    <div role="group" aria-label="Parameters" className="grid gap-5 p-3">
      <CanSet task={task} />
      <StartedWith params={params} />
      {settings.length > 0 && <History settings={settings} />}
    </div>
  )
}

function CanSet(props: { task: Task }) {
  const { task } = props
  const why = whyNot(useCapabilities(task.source), 'setParameter')
  if (why !== null) return <p className="text-mute">{why}</p>
  if (isTerminal(task.status))
    return <p className="text-mute">The task has ended: its parameters can no longer be set.</p>
  return <SetParameter task={task} known={knownParameters(task)} />
}

/** Parameters by name with their last known values. */
function knownParameters(task: Task): { key: string; value: unknown }[] {
  const known = new Map<string, unknown>()
  const { params, settings } = task.detail
  if (isJsonObject(params)) for (const [key, value] of Object.entries(params)) known.set(key, value)
  for (const { key, value } of settings) known.set(key, value)
  return [...known].map(([key, value]) => ({ key, value }))
}

function StartedWith(props: { params: unknown }) {
  const { params } = props
  return (
    <section aria-label="Started with">
      <div className="mb-1.5 flex min-h-7 items-center gap-2">
        <h2 className="font-medium">Started with</h2>
        {params !== undefined && (
          <CopyButton iconOnly label="Copy parameters" text={() => stringifyExact(params, 2) ?? ''} />
        )}
      </div>
      {params === undefined ? (
        <p className="text-mute">Not known: it was not started from Weir, and its source does not tell.</p>
      ) : isJsonObject(params) && Object.keys(params).length > 0 ? (
        <DataList>
          {Object.entries(params)
            .slice(0, 200)
            .map(([key, value]) => (
              <DataItem key={key} name={key.slice(0, 80)} mono>
                <span className="line-clamp-6 whitespace-pre-wrap">{shown(value)}</span>
              </DataItem>
            ))}
        </DataList>
      ) : (
        <p className="font-mono text-sm text-mute">
          {isJsonObject(params) ? 'no parameters' : shown(params)}
        </p>
      )}
    </section>
  )
}

function History(props: { settings: readonly Setting[] }) {
  const now = useNow(60_000)
  return (
    <section aria-labelledby="settings-title">
      <h2 id="settings-title" className="mb-1 font-medium">
        Set while it ran
      </h2>
      <ol className="divide-y divide-line">
        {props.settings.toReversed().map((setting, i) => (
          <li key={i} className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-3 py-1">
            <span className="text-faint">
              <Time at={setting.at} as="when" now={now} />
            </span>
            <span className="said line-clamp-4 font-mono text-sm/5">
              {setting.key} = {shown(setting.value)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function shown(value: unknown): string {
  return (stringifyExact(value) ?? 'undefined').slice(0, 2_000)
}
