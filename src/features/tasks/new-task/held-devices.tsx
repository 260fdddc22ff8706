import { useShallow } from 'zustand/react/shallow'
import { useList } from '#streams/react.tsx'
import { Icon } from '#ui/icon.tsx'

const MOST_NAMED = 5

/** A task that streams a device by itself gets no data from one whose stream Weir holds: said before it starts. */
export function HeldDevices(props: { source: string }) {
  const held = useList(
    'devices',
    useShallow((list) =>
      [...list.items.values()].flatMap(({ source, id, hold }) =>
        source === props.source && hold ? [id] : [],
      ),
    ),
  )
  if (held.length === 0) return null
  const more = held.length - MOST_NAMED
  return (
    <p role="note" className="said flex gap-2 text-sm text-mute sm:col-span-2">
      <Icon name="warning" size={13} className="mt-[3px] shrink-0 text-warn" />
      <span>
        Weir streams {held.slice(0, MOST_NAMED).join(', ')}
        {more > 0 && ` and ${more} more`} now. A task that streams {held.length === 1 ? 'it' : 'one of them'}{' '}
        itself may get no data: stop the stream first, under Devices.
      </span>
    </p>
  )
}
