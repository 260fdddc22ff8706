import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from './device-store.ts'
import { useAgeNow, useStreams } from '#streams/react.tsx'
import { ChannelTable, describeRows, type ChannelRow } from '../plot/channel-table.tsx'
import { formatByRole, withUnit } from '../plot/format-value.ts'
import { gapWords, type GapSpan } from '../plot/gap-spans.ts'
import type { SampleLoader } from '../plot/sample-loader.ts'
import { SampleTable } from '../plot/sample-table.tsx'
import { silentAfter } from '../plot/staleness.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import { TimePlotView } from '../plot/time-plot-view.tsx'
import type { TimePlot, TimePlotOptions } from '../plot/time-plot.ts'
import { formatAge, formatMoment, formatRange, zoneName } from '../plot/time-words.ts'
import type { View } from '../plot/view.ts'
import type { YRange } from '../plot/y-range.ts'
import { gaugeOf, plotHeight, type PlotCardProps } from './card-props.ts'
import { channelKey, channelName, shortNames, tagsOf, unitFor } from './group-channels.ts'
import { PlotFrame } from './plot-frame.tsx'
import { PlotSettings } from './plot-settings.tsx'
import { PlotTools, saveImage } from './plot-tools.tsx'

/** Channels of one group over time, with their list. */
export function TimePlotCard(props: PlotCardProps) {
  const { group, device, store, axis, loader, streaming, preferences, plot, isShown, onShown, onPlot } = props
  const { utc, units, stats } = preferences
  const streams = useStreams()
  // Ages go on where nothing comes.
  useAgeNow()
  const gaps = useStore(store.store, (state) => state.record.gaps)
  const drawn = useRef<TimePlot>(null)
  const want = useRef<() => void>(() => {})
  const [table, setTable] = useState(false)
  const [settings, setSettings] = useState<{ range: YRange | null } | null>(null)

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
      ...(channel.role === 'value'
        ? {}
        : {
            format: (value: number | null, short: boolean, span: number) =>
              formatByRole(value, channel.role, utc, streams.now(), short, span),
          }),
      read: () => readChannel(store, loader, channel, axis, streams.now()),
      stats: () => {
        const { from, to } = axis.view()
        return loader.counted(channel.name, { from, to })?.stats(from, to) ?? null
      },
    }))
  }, [group, units, isShown, store, loader, axis, streams, utc])
  const options = useMemo<TimePlotOptions>(
    () => ({
      lines: rows.flatMap((row, i) =>
        row.shown
          ? [
              {
                id: row.id,
                index: row.index,
                tag: row.tag,
                track: (view: View) => loader.track(group.channels[i]!.name, view),
              },
            ]
          : [],
      ),
      scale: plot.scale,
      stacked: plot.stacked === true,
      thresholds: plot.thresholds,
      gaps,
      sent: () => ({ tracks: store.bulk.tracks.values(), states: store.bulk.states.values() }),
      utc,
      stale: !streaming,
      streaming,
    }),
    [rows, plot, gaps, utc, streaming, loader, store, group],
  )
  useEffect(() => axis.onCursor(() => want.current()), [axis])
  useEffect(() => axis.subscribe(() => want.current()), [axis])
  const subscribe = useCallback((listener: () => void) => store.subscribe(listener), [store])
  const saved = () => {
    const { from, to } = axis.view()
    void saveImage(drawn.current, {
      device,
      title: group.title,
      range: `${formatRange(from, to, utc, streams.now())} ${zoneName(utc)}`,
      at: to,
      legend: rows
        .filter(({ shown }) => shown)
        .map((row) => ({ index: row.index, text: withUnit(row.name, row.unit) })),
    })
  }
  return (
    <PlotFrame
      title={group.title}
      unit={group.unit}
      alone={props.alone && !plot.tall}
      wide={plot.tall === true}
      tools={
        <PlotTools
          plot={plot}
          channels={group.channels.length}
          table={table}
          onPlot={onPlot}
          onTable={() => {
            setTable(!table)
          }}
          onSettings={() => {
            setSettings({ range: drawn.current?.range ?? null })
          }}
          onImage={saved}
        />
      }
    >
      <div className="plot-sides" data-many={group.channels.length > 3 || undefined}>
        {options.lines.length > 0 && (
          <TimePlotView
            axis={axis}
            options={options}
            label={`Plot of ${group.title}`}
            describe={() => describeRows(rows) + describeGaps(drawn.current?.gaps ?? [])}
            subscribe={subscribe}
            onRefresh={loader.subscribe}
            height={plotHeight(props)}
            onPlot={(made) => {
              drawn.current = made
            }}
          />
        )}
        <ChannelTable
          rows={rows}
          label={`Channels of ${group.title}`}
          when={() => {
            const at = axis.cursorTime()
            if (at === null) return streaming ? 'Now' : 'Last'
            return formatMoment(at, axis.state().span, utc, streams.now())
          }}
          moving={() => streaming}
          thresholds={plot.thresholds}
          gauge={gaugeOf(plot)}
          stats={stats && options.lines.length > 0}
          rated
          onShown={(id, shown) => {
            onShown(
              group.channels.find((channel) => channelKey(channel) === id)!,
              shown,
            )
          }}
          onWant={(wake) => {
            want.current = wake
          }}
        />
      </div>
      {table && (
        <SampleTable
          axis={axis}
          label={`Newest values of ${group.title}`}
          channels={rows.map(({ id, name, unit }, i) => ({
            id,
            name,
            unit,
            track: () => loader.track(group.channels[i]!.name, axis.view()),
          }))}
          utc={utc}
        />
      )}
      {settings && (
        <PlotSettings
          group={group}
          plot={plot}
          units={units}
          range={settings.range}
          onSave={(next, nextUnits) => {
            onPlot(
              { ...next, ...(plot.tall ? { tall: true } : {}), ...(plot.stacked ? { stacked: true } : {}) },
              nextUnits,
            )
            setSettings(null)
          }}
          onClose={() => {
            setSettings(null)
          }}
        />
      )}
    </PlotFrame>
  )
}

function describeGaps(gaps: readonly GapSpan[]): string {
  return gaps.length === 0 ? '' : ` ${gaps.map(gapWords).join('; ')}.`
}

function readChannel(
  store: DeviceStore,
  loader: SampleLoader,
  channel: Channel,
  axis: TimeAxis,
  now: number,
) {
  const at = axis.cursorTime()
  const track = at === null ? store.bulk.tracks.get(channel.name) : loader.track(channel.name, axis.view())
  const last = track?.newestAt ?? null
  if (!track || last === null) return { value: null, stale: null }
  if (at !== null) {
    const near = track.nearest(at)
    const { span } = axis.state()
    return { value: near && Math.abs(near.t - at) <= span / 20 ? near.value : null, stale: null }
  }
  const { eventAt } = store.store.getState().record
  // Beside the others of its device a channel can vanish; with them it is silent.
  const silent = Math.max(now, eventAt ?? 0) - last
  return {
    value: track.newest,
    stale: silent > silentAfter(track) ? `last value ${formatAge(silent)} ago` : null,
  }
}
