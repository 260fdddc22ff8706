import { memo } from 'react'
import type { Device } from '#model/device.ts'
import { isUnderWay, sendCommand, useSaid } from '#panels/command/command-store.ts'
import { verbLabel } from '#panels/command/verb-label.ts'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { useStreams } from '#streams/react.tsx'
import { Button, IconButton, type ButtonProps } from '#ui/button.tsx'
import { classes } from '#ui/classes.ts'
import type { IconName } from '#ui/icon.tsx'
import { useHold } from '#ui/use-hold.ts'
import { controlsOf, type DeviceVerb } from './device-verbs.ts'
import { longStreamQuestion } from './stream/stream-question.ts'
import { askStream, askToEnd, endStream } from './stream/guard-store.ts'

const ICONS: Record<DeviceVerb, IconName> = {
  connect: 'source',
  disconnect: 'unlink',
  'stream/start': 'play',
  'stream/stop': 'stop',
  'clear-error': 'check',
}

/** What can be asked of a device: the connection, and its stream. */
export const DeviceControls = memo(function DeviceControls(props: {
  device: Device
  small?: boolean
  /** Words alone: for lines of a table. */
  plain?: boolean
}) {
  const { device, small = false } = props
  const weir = useWeir()
  const target = deviceTopic(device.source, device.id)
  const sent = useSaid(target)
  const send = (verb: DeviceVerb) => {
    if (verb === 'stream/start') void askStream(weir, device, 'start')
    else if (verb === 'connect')
      void sendCommand(target, verb, () => weir.deviceCommand(device.source, device.id, verb))
  }
  const controls = controlsOf(device)
  // Three stand on one line of a card as words alone.
  const plain = (props.plain ?? false) || (small && controls.length > 2)
  return (
    <>
      {controls.map(({ verb, disabled }) => {
        const busy = isUnderWay(sent, verb)
        const shared = {
          small,
          className: classes('touch-target', plain && 'px-1.5!'),
          ...(plain ? {} : { icon: ICONS[verb] }),
          disabled: disabled !== null,
          title: disabled ?? (busy ? 'Sent, waiting for the answer' : undefined),
          busy,
        }
        if (verb === 'stream/stop' || verb === 'disconnect')
          return <EndButton key={verb} device={device} verb={verb} {...shared} />
        return (
          <Button
            key={verb}
            {...shared}
            onClick={() => {
              send(verb)
            }}
          >
            {verbLabel(verb)}
          </Button>
        )
      })}
    </>
  )
})

/** Ends a stream: a short one at once, one of long after a question, or at once when it is held. */
function EndButton(
  props: ButtonProps & { device: Device; verb: 'stream/stop' | 'disconnect'; title: string | undefined },
) {
  const { device, verb, title, busy, className, ...rest } = props
  const weir = useWeir()
  const streams = useStreams()
  const how = verb === 'disconnect' ? verb : 'stop'
  const isLong = () => longStreamQuestion(how, device, streams.now()) !== null
  const { holding, handlers } = useHold<HTMLButtonElement>({
    canHold: () => busy !== true && isLong(),
    onPress: () => {
      askToEnd(weir, device, how, streams.now())
    },
    onHold: () => {
      endStream(weir, device, how)
    },
  })
  return (
    <Button
      {...rest}
      title={
        title ?? (device.hold ? 'Asks when it has streamed for long, unless it is held for 0.6 s' : undefined)
      }
      busy={busy ?? false}
      className={classes('relative', className)}
      {...handlers}
    >
      {verbLabel(verb)}
      {holding && <i aria-hidden="true" className="hold-ring" />}
    </Button>
  )
}

/** Clears what a device remembers as its last error. */
export function ClearError(props: { device: Device }) {
  const { device } = props
  const weir = useWeir()
  const target = deviceTopic(device.source, device.id)
  const sent = useSaid(target)
  return (
    <IconButton
      icon={ICONS['clear-error']}
      label={verbLabel('clear-error')}
      busy={isUnderWay(sent, 'clear-error')}
      onClick={() =>
        void sendCommand(target, 'clear-error', () => weir.clearDeviceError(device.source, device.id))
      }
    />
  )
}
