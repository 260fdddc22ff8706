import type { Threshold } from '../plot/thresholds.ts'
import type { YScale } from '../plot/y-range.ts'
import type { PlotPreferences } from './live-preferences.ts'

export type ThresholdDraft = Omit<Threshold, 'value'> & { value: string }

/** What stands in the fields of a plot's settings. */
export interface PlotDraft {
  mode: YScale['mode']
  min: string
  max: string
  thresholds: readonly ThresholdDraft[]
}

export interface ReadDraft {
  /** Null while something is wrong. */
  plot: PlotPreferences | null
  errors: { min: string | null; max: string | null; thresholds: readonly (string | null)[] }
}

const NOT_A_NUMBER = 'a number, such as 2.5'

/** What the fields say, or what is wrong with them. */
export function readPlotDraft({ mode, min, max, thresholds }: PlotDraft): ReadDraft {
  const low = numberOf(min)
  const high = numberOf(max)
  const fixed = mode === 'fixed'
  const errors = {
    min: fixed && low === null ? NOT_A_NUMBER : null,
    max: !fixed
      ? null
      : high === null
        ? NOT_A_NUMBER
        : low !== null && low >= high
          ? 'must be above the other'
          : null,
    thresholds: thresholds.map(({ value }) => (numberOf(value) === null ? NOT_A_NUMBER : null)),
  }
  if (errors.min ?? errors.max ?? errors.thresholds.find((error) => error !== null))
    return { plot: null, errors }
  return {
    plot: {
      scale: fixed ? { mode, min: low!, max: high! } : { mode },
      thresholds: thresholds.map((each) => ({
        ...each,
        label: each.label.trim(),
        value: numberOf(each.value)!,
      })),
    },
    errors,
  }
}

/** A number as people type it, with a comma or a real minus sign too; null for anything else. */
function numberOf(text: string): number | null {
  const clean = text.trim().replace('−', '-').replace(',', '.')
  const value = clean === '' ? Number.NaN : Number(clean)
  return Number.isFinite(value) ? value : null
}
