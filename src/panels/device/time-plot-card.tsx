import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useStore } from 'zustand'
import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from '#streams/device-store.ts'
import { useStreams } from '#streams/react.tsx'
import { ChannelTable, describeRows, type ChannelRow } from '../plot/channel-table.tsx'
import type { TimeAxis } from '../plot/time-axis.ts'
import { TimePlotView } from '../plot/time-plot-view.tsx'
import type { TimePlotOptions } from '../plot/time-plot.ts'
import { formatAge, formatMoment } from '../plot/time-words.ts'
import { channelKey, channelName, shortNames, tagsOf, unitFor, type ChannelGroup } from './group-channels.ts'
import type { LivePreferences, PlotPreferences } from './live-preferences.ts'
import { PlotFrame } from './plot-frame.tsx'

/** A channel that is silent for so many of its own intervals is stale; not before so many ms. */
const SILENT_INTERVALS = 8
const SILENT_MS = 5_000

/** Channels of one group over time, with their list. */
export function TimePlotCard(props: {
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
  const { utc, units, stats } = preferences
  const streams = useStreams()
  const gaps = useStore(store.store, (state) => state.record.gaps)
  const want = useRef<() => void>(() => {})

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
      read: () => readChannel(store, channel, axis, streams.now()),
      stats: () => {
        const { from, to } = axis.view()
        return store.tracks.get(channel.name)?.stats(from, to) ?? null
      },
    }))
  }, [group, units, isShown, store, axis, streams])
  const options = useMemo<TimePlotOptions>(
    () => ({
      lines: rows.flatMap((row, i) =>
        row.shown
          ? [
              {
                id: row.id,
                index: row.index,
                tag: row.tag,
                track: () => store.tracks.get(group.channels[i]!.name),
              },
            ]
          : [],
      ),
      scale: plot.scale,
      thresholds: plot.thresholds,
      gaps,
      utc,
      stale,
      streaming,
    }),
    [rows, plot, gaps, utc, stale, streaming, store, group],
  )
  useEffect(() => axis.onCursor(() => want.current()), [axis])
  useEffect(() => axis.subscribe(() => want.current()), [axis])
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store])

  return (
    <PlotFrame title={group.title} unit={group.unit}>
      <div className="plot-sides">
        {options.lines.length > 0 ? (
          <TimePlotView
            axis={axis}
            options={options}
            label={`Plot of ${group.title}`}
            describe={() => describeRows(rows)}
            subscribe={subscribe}
            height={group.channels.length > 3 ? 260 : 180}
          />
        ) : (
          <p className="px-3 py-2 text-sm text-faint">No channel is shown: tick one in the list.</p>
        )}
        <ChannelTable
          rows={rows}
          label={`Channels of ${group.title}`}
          when={() => {
            const at = axis.cursorTime()
            return at === null ? 'Now' : formatMoment(at, axis.state().span, utc, streams.now())
          }}
          moving={() => streaming}
          thresholds={plot.thresholds}
          gauge={plot.scale.mode === 'fixed' ? plot.scale : null}
          stats={stats}
          seconds={() => axis.state().span / 1_000}
          onShown={(id, shown) => {
            onShown(
              group.channels.find((channel) => channelKey(channel) === id)!,
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

function readChannel(store: DeviceStore, channel: Channel, axis: TimeAxis, now: number) {
  const track = store.tracks.get(channel.name)
  const last = track?.last ?? null
  if (!track || last === null) return { value: null, stale: null }
  const at = axis.cursorTime()
  if (at !== null) {
    const near = track.nearest(at)
    const { span } = axis.state()
    return { value: near && Math.abs(near.t - at) <= span / 20 ? near.value : null, stale: null }
  }
  const { eventAt } = store.store.getState().record
  const before = track.around(last).before?.t ?? last
  const limit = Math.max(SILENT_MS, SILENT_INTERVALS * (last - before))
  // Beside the others of its device a channel can vanish; with them it is silent.
  const silent = Math.max(now, eventAt ?? 0) - last
  return { value: track.newest, stale: silent > limit ? `last value ${formatAge(silent)} ago` : null }
}
