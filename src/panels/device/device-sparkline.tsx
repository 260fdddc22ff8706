import { formatCount } from '#lib/format.ts'
import { useEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from './device-store.ts'
import { useAgeNow, useStreams } from '#streams/react.tsx'
import { classes } from '#ui/classes.ts'
import { formatValue } from '../plot/format-value.ts'
import { SparkPainter } from '../plot/spark-painter.ts'
import { setText } from '../plot/text-painter.ts'
import { formatAge } from '../plot/time-words.ts'
import { usePainter } from '../plot/use-painter.ts'
import { channelKey, channelName } from './group-channels.ts'

/** A value is old after so long, ms. */
const OLD_MS = 5_000
const EVERY_MS = 250
/** What the line shows, ms. */
const SPAN_MS = 60_000

/**
 * The value that says most of a device, with its unit, the last minute as a line, and its age once that matters: for
 * cards. Always 44 px high; drawn outside React.
 * @param store of the device's topic, watched by the caller
 * @param live its stream is open: the line moves on
 */
export function DeviceSparkline(props: { store: DeviceStore; live: boolean }) {
  const { store, live } = props
  const channels = useStore(store.store, (state) => state.record.channels)
  const main = mainChannel(channels)
  if (!main)
    return (
      <div className="flex h-11 items-center text-sm text-faint">{live ? 'Nothing received yet' : ''}</div>
    )
  return <Spark key={channelKey(main)} channel={main} more={channels.length - 1} store={store} live={live} />
}

/** The first measured number; else the first of anything. */
export function mainChannel(channels: readonly Channel[]): Channel | undefined {
  const found = (kind: Channel['kind']) =>
    channels.find((channel) => channel.kind === kind && channel.role === 'value')
  return found('number') ?? found('array') ?? found('state') ?? found('image') ?? channels[0]
}

function Spark(props: { channel: Channel; more: number; store: DeviceStore; live: boolean }) {
  const { channel, more, store, live } = props
  const { name, kind, unit } = channel
  const streams = useStreams()
  // Ages go on where nothing comes.
  useAgeNow(5_000)
  const canvas = useRef<HTMLCanvasElement>(null)
  const picture = useRef<HTMLImageElement>(null)
  const { ref } = usePainter<HTMLDivElement>(
    (element) => {
      const [value, , age] = element.children
      const { text, at } = readMain(store, channel)
      setText(value!, text)
      const old = at === null ? 0 : streams.now() - at
      element.toggleAttribute('data-old', old > OLD_MS)
      setText(age!, old > OLD_MS ? `${formatAge(old)} ago` : '')
      const image = store.bulk.images.get(name)
      if (picture.current && image && picture.current.src !== image.url) picture.current.src = image.url
    },
    () => live,
    EVERY_MS,
  )
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    const painter = new SparkPainter(element, {
      track: () => store.bulk.tracks.get(name),
      until: () => (live ? streams.now() : (store.bulk.tracks.get(name)?.last ?? streams.now())),
      span: SPAN_MS,
      moving: live,
    })
    const unsubscribe = store.subscribe(painter.arrived)
    return () => {
      unsubscribe()
      painter.destroy()
    }
  }, [store, name, live, streams])
  return (
    <div className="flex h-11 min-w-0 items-center gap-3">
      <div className="min-w-0 flex-[0_1_46%]">
        <div ref={ref} className="group flex min-w-0 items-baseline gap-1">
          <span
            className={classes(
              'said-line font-medium group-data-old:text-faint',
              kind === 'number' ? 'text-lg' : 'text-base',
            )}
          />
          <span className="shrink-0 text-sm text-faint">{unit}</span>
          <span className="ml-1 shrink-0 text-xs text-warn" />
        </div>
        <div className="said-line text-xs text-faint" title={channelName(channel)}>
          {channelName(channel)}
          {more > 0 ? ` and ${more} more` : ''}
        </div>
      </div>
      {kind === 'number' || kind === 'array' ? (
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${channelName(channel)}, the last minute`}
          className="h-9 min-w-0 flex-1"
        />
      ) : kind === 'image' ? (
        <img ref={picture} alt={channelName(channel)} className="h-11 max-w-24 rounded-sm object-contain" />
      ) : null}
    </div>
  )
}

function readMain(store: DeviceStore, { name, kind, length }: Channel): { text: string; at: number | null } {
  switch (kind) {
    case 'number': {
      const track = store.bulk.tracks.get(name)
      const at = track?.newestAt ?? null
      if (!track || at === null) return { text: formatValue(null), at }
      const { min, max } = track.stats(at - SPAN_MS, at)
      return { text: formatValue(track.newest, undefined, max - min), at }
    }
    case 'array': {
      const frame = store.bulk.frames.get(name)
      return { text: `${formatCount(frame?.n ?? length)} values`, at: frame?.at ?? null }
    }
    case 'state': {
      const value = store.bulk.states.get(name)?.values.at(-1)
      // A state lasts: it is as old as the newest message.
      return {
        text: value === undefined || value === null ? '–' : String(value),
        at: store.store.getState().record.eventAt,
      }
    }
    case 'image':
      return { text: '', at: store.bulk.images.get(name)?.at ?? null }
  }
}
