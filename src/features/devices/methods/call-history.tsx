import { useQuery, useQueryClient } from '@tanstack/react-query'
import { memo, useEffect, useState } from 'react'
import { formatRoughly } from '#lib/format.ts'
import { oneLine } from '#lib/format-line.ts'
import { commandState } from '#panels/task/command-state.ts'
import { deviceKey, type Device } from '#model/device.ts'
import type { Call } from '#protocols/weir/api.ts'
import { useList, useNow, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'
import { Panel } from '#ui/panel.tsx'
import { Time } from '#ui/time.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { sameButForStream } from '../same-device.ts'
import { callText } from './call-args.ts'
import { tookWords } from './call-outcome.tsx'
import { CallResult } from './call-result.tsx'
import { runCall, useCallState } from './call-store.ts'

/** The newest calls of a device's methods, from whichever page, each to be made again. */
export const CallHistory = memo(function CallHistory(props: { device: Device }) {
  const { device } = props
  const { source, id } = device
  const weir = useWeir()
  const now = useNow()
  const query = useQuery({
    queryKey: ['calls', source, id],
    queryFn: () => weir.calls(source, id),
    staleTime: Infinity,
  })
  useLedgerNews(source, id)
  const calls = query.data?.calls ?? []
  return (
    <Panel title="Calls" aside={calls.length > 0 ? calls.length : undefined}>
      {query.isError && (
        <p role="alert" className="said px-3 py-3 text-bad">
          {query.error.message}
        </p>
      )}
      {query.isPaused && query.data === undefined && <Waiting className="px-3 py-4">Loading…</Waiting>}
      {query.isSuccess && calls.length === 0 && (
        <p className="px-3 py-4 text-mute">
          Calls that are made from here, or from another page, stay listed.
        </p>
      )}
      {calls.length > 0 && (
        <ul
          role="list"
          aria-label="Calls"
          tabIndex={0}
          className="max-h-[min(50dvh,460px)] divide-y divide-line overflow-y-auto focus-visible:-outline-offset-2"
        >
          {calls.map((call) => (
            <CallItem key={call.command} device={device} call={call} now={now} />
          ))}
        </ul>
      )}
    </Panel>
  )
}, sameButForStream)

/** The ledger says when a call began or ended: what is shown of them is read again. */
function useLedgerNews(source: string, id: string): void {
  const queries = useQueryClient()
  const news = useList('commands', (list) => {
    let text = ''
    for (const each of list.items.values())
      if (each.verb === 'call' && each.target === id && each.source === source)
        text += `${each.id} ${commandState(each)} `
    return text
  })
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['calls', source, id] })
  }, [queries, source, id, news])
}

function CallItem(props: { device: Device; call: Call; now: number }) {
  const { device, call, now } = props
  const weir = useWeir()
  const streams = useStreams()
  const running = useCallState(deviceKey(device), call.method)?.phase === 'running'
  const [open, setOpen] = useState(false)
  const { method, args, kwargs, result, error, at, endedAt } = call
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-1 px-3 py-2">
      <div className="flex min-w-0 items-center gap-2">
        <span className="said line-clamp-2 min-w-0 flex-1 font-mono text-sm">
          {callText(method, args, kwargs)}
        </span>
        <Button
          small
          icon="refresh"
          busy={running}
          title={`Call ${method} again with the same arguments`}
          onClick={() => void runCall(weir, device, { method, args, kwargs }, streams.now())}
        >
          Again
        </Button>
      </div>
      <div className="flex min-w-0 items-baseline gap-2 text-sm">
        {endedAt === null ? (
          <span className="flex items-center gap-1.5 text-run">
            <Icon name="spinner" size={11} turning />
            running, {formatRoughly(now - at)}
          </span>
        ) : error ? (
          <span className="said line-clamp-3 min-w-0 text-bad" title={error.message.slice(0, 2_000)}>
            <b className="font-medium">{error.type}</b>: {error.message.slice(0, 600)}
          </span>
        ) : (
          <button
            type="button"
            aria-expanded={open}
            className="flex min-h-6 min-w-0 items-center gap-1 text-left hover:underline"
            onClick={() => {
              setOpen(!open)
            }}
          >
            <Icon name={open ? 'chevronDown' : 'chevronRight'} size={11} className="text-faint" />
            <span className="said-line font-mono">{oneLine(result?.preview ?? 'null', 120)}</span>
          </button>
        )}
        <span className="ml-auto shrink-0 text-faint">
          <Time at={at} as="when" now={now} />
          {endedAt !== null && ` · ${tookWords(endedAt - at)}`}
        </span>
      </div>
      {open && !error && <CallResult source={device.source} id={device.id} call={call} />}
    </li>
  )
}
