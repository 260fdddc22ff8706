import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import type { Device } from '#model/device.ts'
import { refusalOf } from '#panels/command/refusal.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { FIELD } from '#ui/field.tsx'
import { Icon } from '#ui/icon.tsx'
import { Panel } from '#ui/panel.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { sameButForStream } from '../same-device.ts'
import { FreeCall } from './free-call.tsx'
import { groupMethods, isOffered, KIND_TITLES } from './method-kind.ts'
import { MethodView } from './method-view.tsx'

/** What a device can be asked to do, as forms. */
export const MethodsPanel = memo(function MethodsPanel(props: { device: Device }) {
  const { device } = props
  const { source, id } = device
  const weir = useWeir()
  const query = useQuery({
    // A device that came back as another type has other methods.
    queryKey: ['methods', source, id, device.type],
    queryFn: () => weir.methods(source, id),
    staleTime: Infinity,
  })
  const [filter, setFilter] = useState('')
  const wanted = useDeferredValue(filter)
  const methods = query.data?.methods
  const groups = useMemo(() => (methods ? groupMethods(methods, wanted) : []), [methods, wanted])
  const offered = methods?.filter(({ name }) => isOffered(name)).length
  const search: { method?: unknown } = useSearch({ strict: false })
  return (
    <Panel
      title="Methods"
      aside={offered}
      actions={
        offered !== undefined && offered > 4 ? (
          <input
            type="search"
            aria-label="Filter methods"
            placeholder="Filter"
            autoComplete="off"
            spellCheck={false}
            value={filter}
            onChange={(event) => {
              setFilter(event.target.value)
            }}
            className={classes(FIELD, 'h-7 w-40!')}
          />
        ) : undefined
      }
    >
      {device.ownedBy !== null && (
        <p className="flex gap-2 border-b border-line bg-warn/10 px-3 py-1.5 text-sm">
          <Icon name="info" size={13} className="mt-[3px] text-warn" />
          <span>
            <span className="said">{device.ownedBy}</span> holds this device: the server refuses every call
            until it has ended, also calls that only read.
          </span>
        </p>
      )}
      {query.isPending && <Waiting className="px-3 py-6">Asking the device what it can do…</Waiting>}
      {query.isError && (
        <Unreadable
          device={device}
          error={query.error}
          busy={query.isFetching}
          onRetry={() => void query.refetch()}
        />
      )}
      {methods && groups.length === 0 && (
        <p className="px-3 py-6 text-center text-mute">
          {wanted === '' ? 'This device offers no methods.' : 'No method matches.'}
        </p>
      )}
      {groups.map(({ kind, methods: of }) => (
        <section key={kind} aria-label={KIND_TITLES[kind]}>
          <h3 className="border-b border-line bg-bg/60 px-3 py-1 text-sm text-faint">
            {KIND_TITLES[kind]} <span className="text-xs">{of.length}</span>
          </h3>
          <div className="divide-y divide-line border-b border-line">
            {of.map((method) => (
              <MethodView
                key={method.name}
                device={device}
                method={method}
                shown={search.method === method.name}
              />
            ))}
          </div>
        </section>
      ))}
    </Panel>
  )
}, sameButForStream)

/** The list could not be read: methods can be called all the same, by name. */
function Unreadable(props: { device: Device; error: Error; busy: boolean; onRetry: () => void }) {
  const { device, error, busy, onRetry } = props
  const { type, message } = refusalOf(error)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)]">
      <div role="alert" className="flex items-start gap-2 border-b border-line px-3 py-2.5">
        <Icon name="warning" size={14} className="mt-[3px] text-warn" />
        <div className="said min-w-0 flex-1">
          <p className="font-medium">The list of methods cannot be read</p>
          <p className="text-sm text-mute">
            {type}: {message.slice(0, 1_000)}
          </p>
        </div>
        <Button small icon="refresh" busy={busy} onClick={onRetry}>
          Try again
        </Button>
      </div>
      <FreeCall device={device} />
    </div>
  )
}
