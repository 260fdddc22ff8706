import type { Channel } from '#model/device-events.ts'
import type { DeviceStore } from './device-store.ts'
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
  /** Little room. */
  compact: boolean
  isShown: (channel: Channel) => boolean
  onShown: (channel: Channel, shown: boolean) => void
  onPlot: (plot: PlotPreferences, units?: Readonly<Record<string, string>>) => void
}

/** Of the tools above the only plot of a small panel and of what is folded below it; of its list's rows, px. */
const COMPACT_PX = { around: 108, head: 22, row: 25 }

/** A lane of a stack can be read from this height on, px. */
const LANE_PX = 44

/** Height of a plot: px, or as a length of CSS where the panel's own height counts. */
export function plotHeight({
  plot,
  group,
  alone,
  compact,
}: Pick<PlotCardProps, 'plot' | 'group' | 'alone' | 'compact'>): number | string {
  if (plot.tall) return 600
  const lanes = plot.stacked ? LANE_PX * group.channels.length : 0
  if (compact && alone) {
    const { around, head, row } = COMPACT_PX
    // A list of many stands beside.
    const { length } = group.channels
    return `max(${Math.max(180, lanes)}px, 100cqh - ${around + (length > 3 ? 0 : head + row * length)}px)`
  }
  if (compact) return Math.max(150, lanes)
  if (alone) return Math.max(320, lanes)
  return Math.max(lanes, group.channels.length > 3 ? 240 : 180)
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
