import { Link } from '@tanstack/react-router'
import { oneLine } from '#lib/format-line.ts'
import { formatRoughly } from '#lib/format.ts'
import { deviceKey, type Device } from '#model/device.ts'
import { OUTCOME_WORDS } from '#panels/command/refusal.ts'
import { useNow, useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { useStored } from '#ui/stored.ts'
import { favourites, type Favourite } from '../favourites.ts'
import { runCall, useCallState } from './call-store.ts'

/** Pinned methods of a device as buttons: called as they are, or opened where something has to be filled in. */
export function PinnedMethods(props: { device: Device }) {
  const { device } = props
  const [pinned] = useStored(favourites)
  const list = pinned[deviceKey(device)] ?? []
  if (list.length === 0 || !device.onServer) return null
  return (
    <div role="group" aria-label="Pinned methods" className="grid gap-1">
      {list.map((each) => (
        <Pinned key={each.name} device={device} method={each} />
      ))}
    </div>
  )
}

function Pinned(props: { device: Device; method: Favourite }) {
  const { device, method } = props
  const weir = useWeir()
  const streams = useStreams()
  const state = useCallState(deviceKey(device), method.name)
  return (
    <div className="flex min-w-0 items-center gap-2 text-sm">
      {method.ready ? (
        <Button
          small
          busy={state?.phase === 'running'}
          className="max-w-[60%] font-mono"
          onClick={() => void runCall(weir, device, { method: method.name }, streams.now())}
        >
          <span className="said-line">{method.name}</span>
        </Button>
      ) : (
        <Link
          to="/devices/$source/$deviceId"
          params={{ source: device.source, deviceId: device.id }}
          search={{ method: method.name }}
          className="said-line inline-flex h-6 max-w-[60%] items-center rounded-md border border-line2 bg-raise px-2 font-mono hover:bg-hover"
        >
          {method.name}…
        </Link>
      )}
      <span role="status" className="said-line min-w-0 flex-1">
        <Outcome device={device} method={method.name} />
      </span>
    </div>
  )
}

/** What the newest call gave, in one line. */
function Outcome(props: { device: Device; method: string }) {
  const state = useCallState(deviceKey(props.device), props.method)
  const now = useNow()
  switch (state?.phase) {
    case undefined:
      return null
    case 'running':
      return <span className="text-mute">{formatRoughly(now - state.at)}</span>
    case 'left':
      return <span className="text-faint">not waiting any more</span>
    case 'refused':
      return (
        <span className="text-bad" title={state.refusal.message.slice(0, 1_000)}>
          {OUTCOME_WORDS[state.refusal.outcome]}: {state.refusal.type}: {oneLine(state.refusal.message)}
        </span>
      )
    case 'done': {
      const { result, error } = state.call
      if (error)
        return (
          <span className="text-bad" title={error.message.slice(0, 1_000)}>
            {OUTCOME_WORDS[error.outcome]}: {error.type}: {oneLine(error.message)}
          </span>
        )
      return <span className="font-mono">{oneLine(result?.preview ?? 'null')}</span>
    }
  }
}
