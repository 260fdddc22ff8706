import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { momentsOf } from '#model/moments.ts'
import type { TrackStats } from '#model/track.ts'
import { useAgeNow, useStreams } from '#streams/react.tsx'
import { ChannelTable, describeRows, type ChannelRow } from '../plot/channel-table.tsx'
import { withUnit } from '../plot/format-value.ts'
import { formatAge, formatMoment, zoneName } from '../plot/time-words.ts'
import { keyOnWave, watchWavePointer } from '../plot/wave-input.ts'
import { valueAt, WavePlot, type Wave, type WavePlotOptions } from '../plot/wave-plot.ts'
import { WaveTable } from '../plot/wave-table.tsx'
import type { YRange } from '../plot/y-range.ts'
import { gaugeOf, plotHeight, type PlotCardProps } from './card-props.ts'
import { channelKey, channelName, shortNames, tagsOf, unitFor } from './group-channels.ts'
import { PlotFrame } from './plot-frame.tsx'
import { PlotSettings } from './plot-settings.tsx'
import { PlotTools, saveImage } from './plot-tools.tsx'

/** A device that sends arrays is silent after so long without one. */
const SILENT_MS = 5_000

/** The newest array of each channel over its index, with their list. */
export function WavePlotCard(props: PlotCardProps) {
  const { group, device, store, axis, streaming, preferences, plot, isShown, onShown, onPlot } = props
  const { units, stats, utc } = preferences
  const streams = useStreams()
  // Ages go on where nothing comes.
  useAgeNow()
  const id = useId()
  const stage = useRef<HTMLDivElement>(null)
  const drawn = useRef<WavePlot>(null)
  const want = useRef<() => void>(() => {})
  const [description, setDescription] = useState('')
  const [settings, setSettings] = useState<{ range: YRange | null } | null>(null)
  const [table, setTable] = useState(false)

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
        const frame = store.bulk.frames.get(channel.name)
        if (!frame) return { value: null, stale: null }
        const at = drawn.current?.cursorIndex ?? null
        const silent = streams.now() - frame.at
        return {
          value: at === null ? (frame.values.at(-1) ?? null) : valueAt(frame, at),
          stale: silent > SILENT_MS ? `last array ${formatAge(silent)} ago` : null,
        }
      },
      stats: () => statsOf(store.bulk.frames.get(channel.name)),
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
                wave: () => store.bulk.frames.get(group.channels[i]!.name),
              },
            ]
          : [],
      ),
      scale: plot.scale,
      stacked: plot.stacked === true,
      thresholds: plot.thresholds,
      stale: !streaming,
    }),
    [rows, plot, streaming, store, group],
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
          onImage={() => {
            const at = store.bulk.frames.get(group.channels[0]!.name)?.at ?? streams.now()
            void saveImage(drawn.current, {
              device,
              title: group.title,
              range: `${formatMoment(at, 0, utc, streams.now())} ${zoneName(utc)}`,
              at,
              legend: rows
                .filter(({ shown }) => shown)
                .map((row) => ({ index: row.index, text: withUnit(row.name, row.unit) })),
            })
          }}
        />
      }
    >
      <div className="plot-sides" data-many={group.channels.length > 3 || undefined}>
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
            style={{ height: plotHeight(props) }}
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
          gauge={gaugeOf(plot)}
          stats={stats}
          rated={false}
          onShown={(key, shown) => {
            onShown(
              group.channels.find((channel) => channelKey(channel) === key)!,
              shown,
            )
          }}
          onWant={(wake) => {
            want.current = wake
          }}
        />
      </div>
      {table && (
        <WaveTable
          label={`Newest arrays of ${group.title}`}
          channels={rows.map(({ id, name, unit }, i) => ({
            id,
            name,
            unit,
            wave: () => store.bulk.frames.get(group.channels[i]!.name),
          }))}
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

/** Of the newest array alone; `n` is its length as received. */
function statsOf(wave: Wave | undefined): TrackStats | null {
  if (!wave) return null
  const { n, mean, m2 } = momentsOf(wave.values)
  if (n === 0) return null
  const finite = wave.values.filter(Number.isFinite)
  const min = finite.reduce((least, value) => Math.min(least, value))
  const max = finite.reduce((most, value) => Math.max(most, value))
  return { n: wave.n, ms: 0, min, max, mean, deviation: n > 1 ? Math.sqrt(m2 / (n - 1)) : 0 }
}
