import { useEffect, useRef, useState } from 'react'
import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from './device-store.ts'
import { useAgeNow, useStreams } from '#streams/react.tsx'
import { setText } from '../plot/text-painter.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import { formatAge, formatTime } from '../plot/time-words.ts'
import { usePainter } from '../plot/use-painter.ts'
import { channelName } from './group-channels.ts'
import { PlotFrame } from './plot-frame.tsx'

/** The newest picture of a channel, with its time. A new one appears when it is decoded: nothing flickers. */
export function ImageCard(props: {
  channel: Channel
  /** The only one: it gets the room that there is. */
  lead: boolean
  store: DeviceStore
  axis: TimeAxis
  streaming: boolean
  utc: boolean
}) {
  const { channel, lead, store, axis, streaming, utc } = props
  const { name } = channel
  const title = channelName(channel)
  const streams = useStreams()
  useAgeNow(5_000)
  const image = useRef<HTMLImageElement>(null)
  const [broken, setBroken] = useState(false)
  const [size, setSize] = useState<{ width: number; height: number } | null>(null)
  const shownAt = useRef<number>(null)
  const { ref } = usePainter<HTMLElement>(
    (element) => {
      const at = shownAt.current
      const age = at === null ? 0 : streams.now() - at
      setText(
        element,
        at === null
          ? ''
          : `${formatTime(at, utc)}${age > 5_000 || !streaming ? `, ${formatAge(age)} ago` : ''}`,
      )
    },
    () => streaming,
    500,
  )

  useEffect(() => {
    let gone = false
    let busy = false
    const show = async () => {
      const element = image.current
      const next = store.bulk.images.get(name)
      if (busy || !next || !element || !axis.state().live || next.at === shownAt.current) return
      busy = true
      try {
        const decoded = new Image()
        decoded.src = next.url
        await decoded.decode()
        if (gone) return
        element.src = next.url
        setSize((before) =>
          before?.width === decoded.naturalWidth && before.height === decoded.naturalHeight
            ? before
            : { width: decoded.naturalWidth, height: decoded.naturalHeight },
        )
        setBroken(false)
      } catch {
        if (!gone) setBroken(true)
      }
      shownAt.current = next.at
      busy = false
      // One that came meanwhile.
      if (!gone && store.bulk.images.get(name) !== next) void show()
    }
    void show()
    const undo = [store.subscribe(() => void show()), axis.subscribe(() => void show())]
    return () => {
      gone = true
      for (const each of undo) each()
    }
  }, [store, axis, name])

  const ratio = size ? size.width / size.height : 4 / 3
  return (
    <PlotFrame lead={lead} title={title} unit={size && `${size.width} × ${size.height}`}>
      <figure className="px-3 pb-1">
        <div
          className="mx-auto grid place-items-center overflow-hidden rounded-md border border-line bg-bg"
          style={{
            aspectRatio: ratio,
            width: `min(100%, ${ratio} * var(--picture-height))`,
          }}
        >
          <img
            ref={image}
            alt={`${title}, newest`}
            className={size ? 'size-full min-h-0 object-contain' : 'hidden'}
          />
          {broken && <p className="text-sm text-warn">The newest picture cannot be read.</p>}
        </div>
        <figcaption ref={ref} className="min-h-[18px] text-sm text-faint" />
      </figure>
    </PlotFrame>
  )
}
