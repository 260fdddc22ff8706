import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { Channel } from '#model/device-events.ts'
import type { TrackStats } from '#model/track.ts'
import type { DeviceStore } from '#streams/device-store.ts'
import { useStreams } from '#streams/react.tsx'
import { ChannelTable, describeRows, type ChannelRow } from '../plot/channel-table.tsx'
import type { TimeAxis } from '../plot/time-axis.ts'
import { formatAge } from '../plot/time-words.ts'
import { keyOnWave, watchWavePointer } from '../plot/wave-input.ts'
import { valueAt, WavePlot, type Wave, type WavePlotOptions } from '../plot/wave-plot.ts'
import { channelKey, channelName, shortNames, tagsOf, unitFor, type ChannelGroup } from './group-channels.ts'
import type { LivePreferences, PlotPreferences } from './live-preferences.ts'
import { PlotFrame } from './plot-frame.tsx'

/** A device that sends arrays is silent after so long without one. */
const SILENT_MS = 5_000

/** The newest array of each channel over its index, with their list. */
export function WavePlotCard(props: {
  group: ChannelGroup
  store: DeviceStore
  axis: TimeAxis
  streaming: boolean
  stale: boolean
  preferences: LivePreferences
  plot: PlotPreferences
  isShown: (channel: Channel) => boolean
  onShown: (channel: Channel, shown: boolean) => void
}) {
  const { group, store, axis, streaming, stale, preferences, plot, isShown, onShown } = props
  const { units, stats } = preferences
  const streams = useStreams()
  const id = useId()
  const stage = useRef<HTMLDivElement>(null)
  const drawn = useRef<WavePlot>(null)
  const want = useRef<() => void>(() => {})
  const [description, setDescription] = useState('')

  const rows = useMemo<ChannelRow[]>(() => {
    const names = shortNames(group.channels)
    const tags = tagsOf(group.channels)
    return group.channels.map((channel, index) => ({
      id: channelKey(channel),
      index,
      tag: tags[index]!,
      name: names[index]!,
      title: channelName(channel),
      unit: unitFor(channel, units),
      shown: isShown(channel),
      read: () => {
        const frame = store.frames.get(channel.name)
        if (!frame) return { value: null, stale: null }
        const at = drawn.current?.cursorIndex ?? null
        const silent = streams.now() - frame.at
        return {
          value: at === null ? (frame.values.at(-1) ?? null) : valueAt(frame, at),
          stale: silent > SILENT_MS ? `last array ${formatAge(silent)} ago` : null,
        }
      },
      stats: () => statsOf(store.frames.get(channel.name)),
    }))
  }, [group, units, isShown, store, streams])
  const options = useMemo<WavePlotOptions>(
    () => ({
      lines: rows.flatMap((row, i) =>
        row.shown
          ? [
              {
                id: row.id,
                index: row.index,
                tag: row.tag,
                wave: () => store.frames.get(group.channels[i]!.name),
              },
            ]
          : [],
      ),
      scale: plot.scale,
      thresholds: plot.thresholds,
      stale,
    }),
    [rows, plot, stale, store, group],
  )
  const first = useRef(options)
  useLayoutEffect(() => {
    const element = stage.current
    if (!element) return
    const made = new WavePlot(element, first.current)
    drawn.current = made
    const abort = new AbortController()
    watchWavePointer(element, made, () => want.current(), abort.signal)
    const unsubscribe = store.subscribe(made.arrived)
    const freeze = () => {
      made.freeze(!axis.state().live)
    }
    freeze()
    const unfreeze = axis.subscribe(freeze)
    return () => {
      unsubscribe()
      unfreeze()
      abort.abort()
      made.destroy()
      drawn.current = null
    }
  }, [store, axis])
  useEffect(() => {
    first.current = options
    drawn.current?.set(options)
  }, [options])

  const redescribe = () => {
    setDescription(describeRows(rows))
  }
  return (
    <PlotFrame title={group.title} unit={group.unit}>
      <div className="plot-sides">
        <div>
          <div
            ref={stage}
            role="img"
            aria-label={`Waveform of ${group.title}`}
            aria-describedby={id}
            aria-keyshortcuts="ArrowLeft ArrowRight Shift+ArrowLeft Shift+ArrowRight + - Home Escape"
            tabIndex={0}
            onFocus={redescribe}
            onKeyDown={(event) => {
              if (!drawn.current || !keyOnWave(drawn.current, event.nativeEvent)) return
              event.preventDefault()
              event.stopPropagation()
              want.current()
              redescribe()
            }}
            className="plot-stage focus-visible:-outline-offset-2"
            style={{ height: 220 }}
          />
          <p id={id} className="sr-only">
            {description}
          </p>
        </div>
        <ChannelTable
          rows={rows}
          label={`Channels of ${group.title}`}
          when={() => {
            const at = drawn.current?.cursorIndex ?? null
            return at === null ? 'Last' : `at ${at}`
          }}
          moving={() => streaming}
          thresholds={plot.thresholds}
          gauge={null}
          stats={stats}
          seconds={() => Number.NaN}
          onShown={(key, shown) => {
            onShown(
              group.channels.find((channel) => channelKey(channel) === key)!,
              shown,
            )
          }}
          wantRef={(wake) => {
            want.current = wake
          }}
        />
      </div>
    </PlotFrame>
  )
}

/** Of the newest array alone; `n` is its length as received. */
function statsOf(wave: Wave | undefined): TrackStats | null {
  if (!wave) return null
  let n = 0
  let mean = 0
  let m2 = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const value of wave.values) {
    if (!Number.isFinite(value)) continue
    const delta = value - mean
    mean += delta / ++n
    m2 += delta * (value - mean)
    min = Math.min(min, value)
    max = Math.max(max, value)
  }
  return n === 0 ? null : { n: wave.n, min, max, mean, deviation: n > 1 ? Math.sqrt(m2 / (n - 1)) : 0 }
}
