import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from './device-store.ts'
import { useStreams } from '#streams/react.tsx'
import { watchAxisPointer, keyOnAxis, KEYS } from '../plot/plot-input.ts'
import { StripPlot, type StripOptions } from '../plot/strip-plot.ts'
import { setText } from '../plot/text-painter.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import { formatMoment } from '../plot/time-words.ts'
import { usePainter } from '../plot/use-painter.ts'
import { channelKey, channelName } from './group-channels.ts'
import { PlotFrame } from './plot-frame.tsx'

const EVERY_MS = 200

/** Channels of strings and booleans: what each says, and a strip of what it said. */
export function StateCard(props: {
  channels: readonly Channel[]
  store: DeviceStore
  axis: TimeAxis
  streaming: boolean
  utc: boolean
}) {
  const { channels, ...rest } = props
  return (
    <PlotFrame title="States" unit={null} wide>
      <ul role="list" className="grid gap-1 px-3 pb-1">
        {channels.map((channel) => (
          <StateRow key={channelKey(channel)} channel={channel} {...rest} />
        ))}
      </ul>
    </PlotFrame>
  )
}

function StateRow(props: {
  channel: Channel
  store: DeviceStore
  axis: TimeAxis
  streaming: boolean
  utc: boolean
}) {
  const { channel, store, axis, streaming, utc } = props
  const { name } = channel
  const streams = useStreams()
  const gaps = useStore(store.store, (state) => state.record.gaps)
  const canvas = useRef<HTMLCanvasElement>(null)
  const strip = useRef<StripPlot>(null)
  const { ref, want } = usePainter<HTMLElement>(
    (element) => {
      const track = store.bulk.states.get(name)
      const at = axis.cursorTime()
      const state = at === null ? (track?.values.at(-1) ?? null) : (track?.at(at) ?? null)
      const since = track?.times[track.indexAt(at ?? Infinity)]
      const unknown = since === undefined ? '–' : 'not known'
      setText(element.children[0]!, state === null ? unknown : String(state))
      setText(
        element.children[1]!,
        since === undefined ? '' : `since ${formatMoment(since, Infinity, utc, streams.now())}`,
      )
    },
    () => streaming,
    EVERY_MS,
  )
  const options = useMemo<StripOptions>(
    () => ({
      track: () => store.bulk.states.get(name),
      gaps,
      sent: () => ({ tracks: store.bulk.tracks.values(), states: store.bulk.states.values() }),
      until: () => (streaming ? Infinity : (store.store.getState().record.eventAt ?? Infinity)),
      stale: !streaming,
    }),
    [store, name, gaps, streaming],
  )
  const first = useRef(options)
  useLayoutEffect(() => {
    const element = canvas.current
    if (!element) return
    const made = new StripPlot(element, axis, first.current)
    strip.current = made
    const abort = new AbortController()
    const box = () => ({ left: 0, top: 0, width: element.clientWidth, height: element.clientHeight })
    watchAxisPointer(element, axis, box, abort.signal)
    const unsubscribe = store.subscribe(made.arrived)
    return () => {
      abort.abort()
      unsubscribe()
      made.destroy()
      strip.current = null
    }
  }, [axis, store])
  useLayoutEffect(() => {
    first.current = options
    strip.current?.set(options)
  }, [options])
  useEffect(() => axis.onCursor(want), [axis, want])
  return (
    <li className="grid grid-cols-[minmax(90px,150px)_minmax(120px,190px)_minmax(0,1fr)] items-center gap-x-3 gap-y-0.5 @max-[560px]/live:grid-cols-2">
      <span className="said-line" title={channelName(channel)}>
        {channelName(channel)}
      </span>
      <span ref={ref} className="flex min-w-0 items-baseline gap-2 @max-[560px]/live:justify-end">
        <b className="said-line font-medium" />
        <small className="shrink-0 text-xs text-faint" />
      </span>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`States of ${channelName(channel)} over time`}
        aria-keyshortcuts={KEYS}
        tabIndex={0}
        onKeyDown={(event) => {
          if (!keyOnAxis(axis, event.nativeEvent)) return
          event.preventDefault()
          event.stopPropagation()
        }}
        className="plot-strip h-6 w-full rounded-sm bg-track @max-[560px]/live:col-span-2"
      />
    </li>
  )
}
