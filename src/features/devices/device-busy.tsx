import { formatRoughly } from '#lib/format.ts'
import type { Device } from '#model/device.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { useList, useLiveness, useNow } from '#streams/react.tsx'
import { Button } from '#ui/button.tsx'
import { Icon } from '#ui/icon.tsx'
import { Time } from '#ui/time.tsx'
import { stopWaiting, useIsLeft } from './left-commands.ts'
import { busyWords } from './device-words.ts'

/** What was asked of a device and is not answered: how long already, and the way not to wait for it. */
export function DeviceBusyLine(props: { device: Device }) {
  const { device } = props
  const now = useNow()
  const live = useLiveness() === 'live'
  const left = useIsLeft(device.busy?.command)
  // A call is waited for beside its method.
  const isCall = useList('commands', (list) => list.items.get(device.busy?.command ?? '')?.verb === 'call')
  if (!device.busy) return null
  const { text, since, command } = device.busy
  if (left)
    return (
      <p className="said text-sm text-faint">
        <span className="font-mono">{text}</span> was asked at <Time at={since} as="when" now={now} />, no
        answer yet: Commands will say
      </p>
    )
  return (
    <div className="flex min-w-0 items-center gap-2 text-sm">
      <Icon name="spinner" size={12} turning={live} className="text-run" />
      <span className="said min-w-0" title={`Asked at ${new Date(since).toISOString()}`}>
        {busyWords(text.slice(0, 200))}{' '}
        <span className="whitespace-nowrap">{formatRoughly(now - since)}</span>
      </span>
      {!isCall && (
        <Button
          small
          look="quiet"
          title="The request goes on; Commands shows what becomes of it"
          onClick={() => {
            stopWaiting(deviceTopic(device.source, device.id), command)
          }}
        >
          Stop waiting
        </Button>
      )}
    </div>
  )
}
