import { formatCount } from '#lib/format.ts'

/** One thing that a run used. */
export interface UsageEntry {
  /** "gpu · weir-gpu-1 · cloud" */
  what: string
  /** "353 seconds" */
  amount: string
}

const MOST = 50

/** What the service counted for a run, in words; entries of no known form are left to the raw data. */
export function usageIn(usage: unknown): UsageEntry[] {
  if (!Array.isArray(usage)) return []
  return usage.slice(0, MOST).flatMap((entry: unknown): UsageEntry[] => {
    if (typeof entry !== 'object' || entry === null) return []
    const { type, model, tier, quantity, unit } = entry as Partial<Record<string, unknown>>
    if (typeof quantity !== 'number' || !Number.isFinite(quantity)) return []
    const what = [type, model, tier].filter((part) => typeof part === 'string' && part !== '').join(' · ')
    const plural =
      typeof unit === 'string' && unit !== ''
        ? ` ${unit}${quantity === 1 || unit.endsWith('s') ? '' : 's'}`
        : ''
    return [{ what: what || 'usage', amount: formatCount(quantity) + plural }]
  })
}
