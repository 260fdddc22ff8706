import { formatDuration, formatRoughly } from '#lib/format.ts'
import type { CommandError } from '#model/command.ts'
import type { Device } from '#model/device.ts'
import type { Refusal } from '#panels/command/refusal.ts'
import { useNow } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { Traceback } from '../device-error.tsx'
import { DeviceRefusal } from '../device-refusal.tsx'
import { CallResult } from './call-result.tsx'
import type { CallState } from './call-store.ts'

/** What became of the newest call of a method: running, its result, or the server's own words. */
export function CallOutcome(props: {
  device: Device
  method: string
  state: CallState | undefined
  /** What the docstring says of the result. */
  returns: string | null
}) {
  const { device, method, state, returns } = props
  return (
    <div
      aria-live="polite"
      className={classes(
        'grid min-w-0 grid-cols-[minmax(0,1fr)] content-start bg-bg/50 px-3 py-2.5 lg:border-l lg:border-line',
        state === undefined ? 'max-lg:hidden' : 'max-lg:border-t max-lg:border-line',
      )}
    >
      {state === undefined ? (
        <p className="said text-sm text-faint">{returns === null ? '–' : `Returns ${returns}`}</p>
      ) : (
        <Outcome device={device} method={method} state={state} />
      )}
    </div>
  )
}

function Outcome(props: { device: Device; method: string; state: CallState }) {
  const { device, method, state } = props
  switch (state.phase) {
    case 'running':
      return <Running state={state} />
    case 'left':
      return (
        <p className="text-sm text-mute">
          Not waiting any more. The call goes on; what becomes of it shows under Calls.
        </p>
      )
    case 'refused':
      return <Failed device={device} method={method} refusal={state.refusal} at={state.at} />
    case 'done': {
      const { call } = state
      if (call.error) return <Failed device={device} method={method} refusal={call.error} at={call.at} />
      return (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-1">
          <CallResult source={device.source} id={device.id} call={call} />
          <Answered at={call.at} endedAt={call.endedAt} />
        </div>
      )
    }
  }
}

function Answered(props: { at: number; endedAt: number | null }) {
  const { at, endedAt } = props
  const now = useNow(60_000)
  return (
    <p className="text-sm text-faint">
      <Time at={endedAt ?? at} as="when" now={now} />
      {endedAt !== null && ` · took ${tookWords(endedAt - at)}`}
    </p>
  )
}

/** "12 ms", "3.9s". */
export function tookWords(ms: number): string {
  return ms < 1_000 ? `${Math.max(0, Math.round(ms))} ms` : formatDuration(ms)
}

function Running(props: { state: CallState & { phase: 'running' } }) {
  const { state } = props
  const now = useNow()
  return (
    <div className="flex items-center gap-2 text-sm">
      <Icon name="spinner" size={13} turning className="text-run" />
      {/* The seconds are for the eye: read out, they would not end. */}
      <span aria-hidden="true">running, {formatRoughly(now - state.at)}</span>
      <span className="sr-only">running</span>
      <Button
        small
        look="quiet"
        title="The call goes on; what becomes of it shows under Calls"
        onClick={state.stop}
      >
        Stop waiting
      </Button>
    </div>
  )
}

/** The device's own words, with its traceback where its last error is this one. */
function Failed(props: { device: Device; method: string; refusal: Refusal | CommandError; at: number }) {
  const { device, method, refusal, at } = props
  const last = device.lastError
  const traceback = last?.type === refusal.type && last.message === refusal.message ? last.traceback : null
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1 text-sm">
      <DeviceRefusal source={device.source} what={method} refusal={refusal} />
      {traceback !== null && <Traceback text={traceback} />}
      <Answered at={at} endedAt={null} />
    </div>
  )
}
