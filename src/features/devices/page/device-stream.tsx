import { useMutation } from '@tanstack/react-query'
import { formatRate, formatRoughly } from '#lib/format.ts'
import type { Device, StreamHold } from '#model/device.ts'
import { authorWords } from '#panels/command/author-words.ts'
import { ownAuthor } from '#panels/command/own-author.ts'
import { StreamLine } from '#panels/task/stream-line.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { streamingWords } from '../device-words.ts'
import { KeepSelect } from '../stream/keep-select.tsx'

/** The stream behind the page: its state, by whose word Weir holds it, and for how long. */
export function DeviceStream(props: { device: Device; now: number }) {
  const { device, now } = props
  const weir = useWeir()
  const retry = useMutation({ mutationFn: () => weir.retryDeviceStream(device.source, device.id) })
  const { stream, hold } = device
  const idle = stream.name === 'none'
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <StreamLine
        // Before Weir was asked for it there is no reason to give but how the device stands.
        stream={idle ? { ...stream, reason: `the device ${streamingWords(device)}`, since: 0 } : stream}
        now={now}
        busy={retry.isPending}
        onRetry={() => {
          retry.mutate()
        }}
      />
      {retry.isError && (
        <p role="alert" className="said text-sm text-bad">
          {retry.error.message}
        </p>
      )}
      {hold?.note && (
        <p role="status" className="flex gap-2 rounded-md bg-warn/10 px-2.5 py-1.5">
          <Icon name="warning" size={13} className="mt-[3px] text-warn" />
          <span className="said min-w-0">{hold.note}</span>
        </p>
      )}
      {hold && <Hold device={device} hold={hold} now={now} />}
    </div>
  )
}

function Hold(props: { device: Device; hold: StreamHold; now: number }) {
  const { device, hold, now } = props
  const weir = useWeir()
  const keep = useMutation({
    mutationFn: (keepMs: number | null) => weir.keepStream(device.source, device.id, keepMs),
  })
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-faint">
      <KeepSelect
        label="Kept when nobody watches"
        // What was chosen stands until the relay has said the same.
        value={keep.isPending ? keep.variables : hold.keepMs}
        onChange={(keepMs) => {
          keep.mutate(keepMs)
        }}
      />
      <span>
        started by {authorWords(hold.by, ownAuthor())} <Time at={hold.since} as="when" now={now} />
      </span>
      {device.stream.name === 'open' && (
        <span>{formatRate(device.rate, 'messages').replace(/^1 messages/, '1 message')}</span>
      )}
      {hold.leaveAt !== null && (
        <span className="text-warn">stops in {formatRoughly(Math.max(0, hold.leaveAt - now))}</span>
      )}
      {keep.isError && (
        <span role="alert" className="said text-bad">
          {keep.error.message}
        </span>
      )}
    </div>
  )
}
