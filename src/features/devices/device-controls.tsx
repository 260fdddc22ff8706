import { memo } from 'react'
import { deviceKey, type Device } from '#model/device.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button, IconButton } from '#ui/button.tsx'
import type { IconName } from '#ui/icon.tsx'
import { sendDeviceCommand, useDeviceCommand } from './device-commands.ts'
import { controlsOf, VERB_LABELS, type DeviceVerb } from './device-verbs.ts'
import { askStream } from './stream/guard-store.ts'

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
  const sent = useDeviceCommand(deviceKey(device))
  const send = (verb: DeviceVerb) => {
    if (verb === 'stream/start') void askStream(weir, device, 'start')
    else if (verb === 'stream/stop') void askStream(weir, device, 'stop')
    else if (verb === 'connect' || verb === 'disconnect')
      void sendDeviceCommand(device, verb, () => weir.deviceCommand(device.source, device.id, verb))
  }
  const controls = controlsOf(device)
  // Three stand on one line of a card as words alone.
  const plain = (props.plain ?? false) || (small && controls.length > 2)
  return (
    <>
      {controls.map(({ verb, disabled }) => {
        const busy = sent?.phase === 'sent' && sent.verb === verb
        return (
          <Button
            key={verb}
            small={small}
            className={plain ? 'px-1.5!' : ''}
            {...(plain ? {} : { icon: ICONS[verb] })}
            disabled={disabled !== null}
            title={disabled ?? (busy ? 'Sent, waiting for the answer' : undefined)}
            busy={busy}
            onClick={() => {
              send(verb)
            }}
          >
            {VERB_LABELS[verb]}
          </Button>
        )
      })}
    </>
  )
})

/** Clears what a device remembers as its last error. */
export function ClearError(props: { device: Device }) {
  const { device } = props
  const weir = useWeir()
  const sent = useDeviceCommand(deviceKey(device))
  return (
    <IconButton
      icon={ICONS['clear-error']}
      label={VERB_LABELS['clear-error']}
      busy={sent?.phase === 'sent' && sent.verb === 'clear-error'}
      onClick={() =>
        void sendDeviceCommand(device, 'clear-error', () => weir.clearDeviceError(device.source, device.id))
      }
    />
  )
}
