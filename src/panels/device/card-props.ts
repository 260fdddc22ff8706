import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from '#streams/device-store.ts'
import type { SampleLoader } from '../plot/sample-loader.ts'
import type { TimeAxis } from '../plot/time-axis.ts'
import type { ChannelGroup } from './group-channels.ts'
import type { LivePreferences, PlotPreferences } from './live-preferences.ts'

/** What a card of a live panel draws, and how the person wants it. */
export interface PlotCardProps {
  group: ChannelGroup
  /** Of the device, for names of files. */
  device: string
  store: DeviceStore
  axis: TimeAxis
  loader: SampleLoader
  /** The stream is open: a live view moves on. */
  streaming: boolean
  preferences: LivePreferences
  plot: PlotPreferences
  /** The only plot there is: it may be larger. */
  alone: boolean
  isShown: (channel: Channel) => boolean
  onShown: (channel: Channel, shown: boolean) => void
  onPlot: (plot: PlotPreferences, units?: Readonly<Record<string, string>>) => void
}

/** Height of a plot, px. */
export function plotHeight({ plot, group, alone }: Pick<PlotCardProps, 'plot' | 'group' | 'alone'>): number {
  if (plot.tall) return 600
  if (alone) return 320
  return group.channels.length > 3 ? 240 : 180
}

/** What a full gauge stands for: fixed bounds, else limits on both sides. */
export function gaugeOf({ scale, thresholds }: PlotPreferences): { min: number; max: number } | null {
  if (scale.mode === 'fixed') return scale
  const values = thresholds.map(({ value }) => value)
  if (values.length < 2) return null
  const min = Math.min(...values)
  const max = Math.max(...values)
  const room = (max - min) * 0.1
  return min < max ? { min: min - room, max: max + room } : null
}
