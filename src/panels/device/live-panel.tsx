import { memo, useEffect, useMemo, useState, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from './device-store.ts'
import { useStreams } from '#streams/react.tsx'
import { useWeir } from '#streams/weir-client.tsx'
import { EmptyState } from '#ui/empty-state.tsx'
import { Waiting } from '#ui/waiting.tsx'
import { useStored } from '#ui/stored.ts'
import { useSourceFreshness } from '../progress/use-freshness.ts'
import { SampleLoader } from '../plot/sample-loader.ts'
import { TimeAxis } from '../plot/time-axis.ts'
import { channelKey, groupChannels, type ChannelGroup } from './group-channels.ts'
import {
  DEFAULT_PLOT,
  livePreferences,
  type LivePreferences,
  type PlotPreferences,
} from './live-preferences.ts'
import type { LiveSubject } from './live-subject.ts'
import { GapNotes } from './gap-notes.tsx'
import { ImageCard } from './image-card.tsx'
import { LiveTools } from './live-tools.tsx'
import { newestSample } from './newest-sample.ts'
import { NewestMessage } from './newest-message.tsx'
import { StateCard } from './state-card.tsx'
import { TimePlotCard } from './time-plot-card.tsx'
import { WavePlotCard } from './wave-plot-card.tsx'

export interface LivePanelProps {
  device: LiveSubject
  /** Of the topic of its samples, watched by the caller. */
  store: DeviceStore
  /** Shared with other panels of the page; else the panel has its own. */
  axis?: TimeAxis
  /** Little room: one row of tools, statistics only when asked for here, all as low as can be. */
  compact?: boolean
  /** In place of the words while there is nothing and no stream: a "Start stream" button, say. */
  children?: ReactNode
}

/** What a device sends, drawn by what it is: numbers, arrays, states, pictures, and the newest message itself. */
export function LivePanel({ device, store, axis, compact = false, children }: LivePanelProps) {
  const { kind, source, id, like, stream, rate } = device
  const empty = useStore(store.store, (state) => state.record.firstAt === null)
  const { stale } = useSourceFreshness(source)
  const isOpen = stream.name === 'open' || stream.name === 'stalled'
  // A device in a list is another one with every message; what is drawn of it is not.
  const coarse = rate === null ? null : Number(rate.toPrecision(1))
  const subject = useMemo(() => ({ kind, source, id, rate: coarse }), [kind, source, id, coarse])
  return (
    <Panel
      subject={subject}
      like={like ?? id}
      isOpen={isOpen}
      streaming={stream.name === 'open' && !stale}
      store={store}
      axis={axis}
      compact={compact}
    >
      {empty ? children : null}
    </Panel>
  )
}

const Panel = memo(function Panel(props: {
  subject: Pick<LiveSubject, 'kind' | 'source' | 'id' | 'rate'>
  like: string
  /** There is a stream, whether or not anything comes. */
  isOpen: boolean
  /** What comes can be taken for what is. */
  streaming: boolean
  store: DeviceStore
  axis: TimeAxis | undefined
  compact: boolean
  children: ReactNode
}) {
  const { subject: device, like, isOpen, streaming, store, axis: shared, compact, children } = props
  const streams = useStreams()
  const stored = livePreferences(device.source, like)
  const [kept, setPreferences] = useStored(stored)
  const preferences = useMemo(() => (compact ? { ...kept, stats: kept.statsCompact } : kept), [compact, kept])
  const [own] = useState(() => new TimeAxis(() => streams.now(), stored.get().span))
  const axis = shared ?? own
  const weir = useWeir()
  const loader = useMemo(
    () => new SampleLoader(store, axis, (range, signal) => weir.samples(device, range, signal)),
    [store, axis, weir, device],
  )
  const phase = useStore(store.store, (state) => state.phase)
  const channels = useStore(store.store, (state) => state.record.channels)
  const anything = useStore(store.store, (state) => state.record.firstAt !== null)

  useEffect(() => loader.start(), [loader])
  useEffect(() => {
    const newest = newestSample(store)
    const unfollow = axis.follow(() => {
      const at = newest.get()
      return streaming ? Math.max(streams.now(), at ?? 0) : at
    })
    return () => {
      unfollow()
      newest.stop()
    }
  }, [axis, store, streams, streaming])
  useEffect(
    () =>
      axis.subscribe(() => {
        const { home } = axis.state()
        const now = stored.get()
        if (now.span !== home) stored.set({ ...now, span: home })
      }),
    [axis, stored],
  )

  const grouped = useMemo(() => groupChannels(channels, preferences.units), [channels, preferences.units])
  // What is there first decides: channels that come later must not move it.
  const [alone, setAlone] = useState<boolean | null>(null)
  if (alone === null && grouped.groups.length > 0)
    setAlone(grouped.groups.filter(({ aside }) => !aside).length === 1 && grouped.images.length === 0)
  const isShown = useMemo(() => shownBy(preferences.shown), [preferences.shown])
  const hasRate = channels.some(({ role }) => role === 'rate')
  const arrays = preferences.arrays ?? (hasRate ? 'append' : 'replace')
  const prefer = (change: Partial<LivePreferences>) => {
    setPreferences({ ...stored.get(), ...change })
  }

  if (phase === 'loading')
    return <Waiting className="justify-center px-4 py-16">Reading what the device has sent…</Waiting>
  if (phase === 'absent' && device.kind === 'devices')
    return <EmptyState icon="question" title="Weir knows no such device" />
  if (!anything)
    return isOpen ? (
      <EmptyState icon="clock" title="Connected, nothing received yet">
        The stream is open. What the device sends is drawn here as it arrives.
      </EmptyState>
    ) : (
      (children ?? (
        <EmptyState icon="unlink" title="No stream">
          Looking does not start one. Start the stream to see what the device sends.
        </EmptyState>
      ))
    )
  return (
    <div className="@container/live min-w-0" data-compact={compact || undefined}>
      <LiveTools
        compact={compact}
        device={device}
        store={store}
        axis={axis}
        streaming={streaming}
        preferences={preferences}
        arrays={grouped.groups.some(({ kind }) => kind === 'array') ? arrays : null}
        onPrefer={prefer}
        loader={loader}
      />
      <div className="plot-cards">
        {grouped.images.map((channel) => (
          <ImageCard
            key={channelKey(channel)}
            channel={channel}
            lead={grouped.images.length === 1}
            store={store}
            axis={axis}
            streaming={streaming}
            utc={preferences.utc}
          />
        ))}
        {grouped.groups.map((group) => {
          const Card = group.kind === 'array' && arrays === 'replace' ? WavePlotCard : TimePlotCard
          return (
            <Card
              key={group.key}
              group={group}
              device={device.id}
              store={store}
              axis={axis}
              loader={loader}
              streaming={streaming}
              preferences={preferences}
              alone={alone === true && !group.aside}
              compact={compact}
              plot={preferences.plots[group.key] ?? DEFAULT_PLOT}
              isShown={isShown}
              onShown={(channel, shown) => {
                prefer({ shown: { ...stored.get().shown, [channelKey(channel)]: shown } })
              }}
              onPlot={(plot, units) => {
                prefer({
                  plots: plotsWith(stored.get().plots, group, plot, units),
                  ...(units ? { units } : {}),
                })
              }}
            />
          )
        })}
        {grouped.states.length > 0 && (
          <StateCard
            channels={grouped.states}
            store={store}
            axis={axis}
            streaming={streaming}
            utc={preferences.utc}
          />
        )}
      </div>
      <GapNotes store={store} axis={axis} utc={preferences.utc} />
      <NewestMessage
        of={device}
        store={store}
        axis={axis}
        utc={preferences.utc}
        alone={channels.length === 0}
      />
    </div>
  )
})

/** Plots with one changed; where its channels get another unit, its choices go with them. */
function plotsWith(
  plots: LivePreferences['plots'],
  group: ChannelGroup,
  plot: PlotPreferences,
  units: Readonly<Record<string, string>> | undefined,
): LivePreferences['plots'] {
  const moved = units && groupChannels(group.channels, units).groups
  return { ...plots, [moved?.length === 1 ? moved[0]!.key : group.key]: plot }
}

/** Counters and clocks are there when asked for. */
function shownBy(chosen: Readonly<Record<string, boolean>>): (channel: Channel) => boolean {
  return (channel) => chosen[channelKey(channel)] ?? channel.role === 'value'
}
