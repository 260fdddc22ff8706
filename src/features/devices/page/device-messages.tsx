import { formatCount } from '#lib/format.ts'
import { useState } from 'react'
import { RawData } from '#panels/raw/raw-data.tsx'
import { useTopic } from '#streams/react.tsx'
import { DEVICE_VIEW } from '#topics/device-view.ts'
import { useWeir } from '#streams/weir-client.tsx'
import { Button } from '#ui/button.tsx'
import { Panel } from '#ui/panel.tsx'

/** The newest messages of a device's stream as they came, on demand: they may be long and many. */
export function DeviceMessages(props: { source: string; id: string }) {
  const { source, id } = props
  const messages = useTopic(DEVICE_VIEW, props, (state) => state.record.messages)
  const weir = useWeir()
  const [open, setOpen] = useState(false)
  return (
    <Panel
      title="Data"
      aside={messages > 0 ? `${formatCount(messages)} messages` : undefined}
      actions={
        <Button
          small
          look="quiet"
          aria-expanded={open}
          onClick={() => {
            setOpen(!open)
          }}
        >
          {open ? 'Hide messages' : 'Show messages'}
        </Button>
      }
    >
      {open ? (
        <RawData
          queryKey={['device', source, id]}
          read={() => weir.raw({ kind: 'devices', source, id })}
          events={messages}
        />
      ) : (
        <p className="px-3 py-3 text-sm text-faint">
          The newest messages, word for word as the source sent them.
        </p>
      )}
    </Panel>
  )
}
