import { createStored, type Stored } from '#ui/stored.ts'
import type { Threshold } from '../plot/thresholds.ts'
import { clampSpan } from '../plot/view.ts'
import type { YScale } from '../plot/y-range.ts'

/** How a plot is drawn. */
export interface PlotPreferences {
  scale: YScale
  thresholds: readonly Threshold[]
  /** Larger than the others. */
  tall?: boolean
  /** Each channel in a lane of its own. */
  stacked?: boolean
}

/** How a person likes to see one device; kept in the browser. */
export interface LivePreferences {
  /** The span of time, ms. */
  span: number
  /** Times in UTC instead of this machine's zone. */
  utc: boolean
  /** Whether each array takes the place of the one before, or goes on from it; null: as its channels suggest. */
  arrays: 'replace' | 'append' | null
  /** Statistics beside the values. */
  stats: boolean
  /** The same where there is little room. */
  statsCompact: boolean
  /** Channels shown or hidden by hand, by `channelKey`. */
  shown: Readonly<Record<string, boolean>>
  /** Units given by hand; the empty string takes one away. */
  units: Readonly<Record<string, string>>
  /** By the key of a group. */
  plots: Readonly<Record<string, PlotPreferences>>
}

export const DEFAULT_PLOT: PlotPreferences = { scale: { mode: 'auto' }, thresholds: [] }
const DEFAULTS: LivePreferences = {
  span: 60_000,
  utc: false,
  arrays: null,
  stats: true,
  statsCompact: false,
  shown: {},
  units: {},
  plots: {},
}

const made = new Map<string, Stored<LivePreferences>>()

/** The preferences for one device. */
export function livePreferences(source: string, id: string): Stored<LivePreferences> {
  const key = `weir:live:${source}/${id}`
  let stored = made.get(key)
  if (!stored) made.set(key, (stored = createStored(key, DEFAULTS, parsePreferences)))
  return stored
}

type Loose = Record<string, unknown>

/** What was kept, as far as it can be read. */
export function parsePreferences(kept: unknown): LivePreferences {
  const of = loose(kept)
  return {
    span: typeof of['span'] === 'number' ? clampSpan(of['span']) : DEFAULTS.span,
    utc: of['utc'] === true,
    arrays: of['arrays'] === 'replace' || of['arrays'] === 'append' ? of['arrays'] : null,
    stats: of['stats'] !== false,
    statsCompact: of['statsCompact'] === true,
    shown: pick(of['shown'], (value) => (typeof value === 'boolean' ? value : undefined)),
    units: pick(of['units'], (value) => (typeof value === 'string' ? value.slice(0, 24) : undefined)),
    plots: pick(of['plots'], parsePlot),
  }
}

function parsePlot(kept: unknown): PlotPreferences {
  const { scale, thresholds, tall, stacked } = loose(kept)
  return {
    scale: parseScale(scale),
    thresholds: Array.isArray(thresholds) ? thresholds.flatMap(parseThreshold) : [],
    ...(tall === true ? { tall } : {}),
    ...(stacked === true ? { stacked } : {}),
  }
}

function parseScale(kept: unknown): YScale {
  const { mode, min, max } = loose(kept)
  if (mode === 'log') return { mode }
  if (mode === 'fixed' && typeof min === 'number' && typeof max === 'number' && min < max)
    return { mode, min, max }
  return { mode: 'auto' }
}

function parseThreshold(kept: unknown): Threshold[] {
  const { value, label, level, side } = loose(kept)
  if (typeof value !== 'number' || !Number.isFinite(value)) return []
  return [
    {
      value,
      label: typeof label === 'string' ? label.slice(0, 40) : '',
      level: level === 'bad' ? 'bad' : 'warn',
      side: side === 'below' ? 'below' : 'above',
    },
  ]
}

function loose(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {}
}

function pick<T>(value: unknown, read: (value: unknown) => T | undefined): Record<string, T> {
  const found: Record<string, T> = {}
  for (const [key, item] of Object.entries(loose(value))) {
    const known = read(item)
    if (known !== undefined) found[key] = known
  }
  return found
}
