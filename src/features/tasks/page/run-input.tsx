import { stringifyExact } from '#lib/exact-json.ts'
import type { CodeSamples } from '#model/capabilities.ts'
import type { Source } from '#model/source.ts'
import type { Task } from '#model/task.ts'
import { OutputBody } from '#panels/output/output-body.tsx'
import { useTaskSchemas } from '#panels/output/use-task-schemas.ts'
import { CopyButton } from '#panels/task/copy-button.tsx'
import { useList } from '#streams/react.tsx'
import { useCan } from '#streams/use-can.ts'
import { askedOf } from './run-asked.ts'
import { curlOf, sdkCodeOf, type RunCall } from './run-code.ts'

/** What a run was given, read only, and the ways to run the same from elsewhere. */
export function RunInput(props: { task: Task }) {
  const { task } = props
  const { params, meta } = task.detail
  const schemas = useTaskSchemas(task)
  const rich = useCan(task.source, 'media')
  const source = useList('sources', (list) => list.items.get(task.source))
  if (params === undefined)
    return <p className="p-3 text-mute">Not known: the service does not tell what this run was given.</p>
  const json = stringifyExact(params) ?? 'null'
  return (
    <div role="group" aria-label="Parameters" className="min-w-0">
      <OutputBody
        json={json}
        schema={schemas?.input}
        rich={rich}
        changed={[]}
        fill={false}
        actions={<CopyButton small label="Copy input" text={() => stringifyExact(params, 2) ?? ''} />}
      />
      {meta.setup !== undefined && meta.setup !== null && (
        <section aria-label="Setup" className="border-t border-line px-3 py-2.5">
          <h2 className="mb-1 font-medium">Setup</h2>
          <pre className="said max-h-60 overflow-y-auto font-mono text-sm whitespace-pre-wrap">
            {(stringifyExact(meta.setup, 2) ?? '').slice(0, 20_000)}
          </pre>
        </section>
      )}
      {source && !('absent' in source.capabilities.code) && (
        <RunElsewhere task={task} source={source} service={source.capabilities.code} />
      )}
    </div>
  )
}

/** The same run as code for elsewhere. */
function RunElsewhere(props: { task: Task; source: Source; service: CodeSamples }) {
  const { task, source, service } = props
  const { app, options } = askedOf(task.type, task.detail.meta, Infinity)
  // Weir cancels a run by itself; others have to be told.
  const { cancel_after: _, ...told } = options
  const isPublic = source.embedded || source.url.replace(/\/+$/, '') === service.url
  const call: RunCall = {
    service,
    baseUrl: isPublic ? null : source.url,
    app: app ?? 'namespace/app',
    input: task.detail.params,
    options: { ...told },
  }
  return (
    <section aria-labelledby="run-elsewhere" className="grid gap-2 border-t border-line px-3 py-2.5">
      <h2 id="run-elsewhere" className="font-medium">
        Run the same from elsewhere
      </h2>
      <div className="flex flex-wrap gap-2">
        <CopyButton label="Copy as curl" text={() => curlOf(call)} />
        <CopyButton label="Copy as SDK code" text={() => sdkCodeOf(call, null)} />
        <CopyButton
          label="Copy as SDK code through Weir"
          text={() => sdkCodeOf(call, `${location.origin}${service.proxyPath}`)}
        />
      </div>
      <p className="text-sm text-faint">
        The key is read from {service.keyVariable}. Through Weir, front ends of this origin need none.
      </p>
    </section>
  )
}
