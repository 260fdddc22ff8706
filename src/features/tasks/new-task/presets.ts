import { createStored } from '#ui/stored.ts'

export interface Preset {
  name: string
  /** The JSON text, as it was written. */
  params: string
}

export interface TypePresets {
  /** What the type was last started with. */
  last: string | null
  saved: Preset[]
}

export type Presets = Record<string, TypePresets>

const LONGEST = 100_000

/** Parameters remembered by task type, in this browser. */
export const presets = createStored<Presets>('weir:presets', {}, parsePresets)

export const EMPTY: TypePresets = { last: null, saved: [] }

export function rememberLast(all: Presets, type: string, params: string): Presets {
  return params.length > LONGEST ? all : { ...all, [type]: { ...(all[type] ?? EMPTY), last: params } }
}

/** Keeps a preset; one of the same name is replaced where it stands. */
export function savePreset(all: Presets, type: string, preset: Preset): Presets {
  const before = all[type] ?? EMPTY
  const known = before.saved.some((each) => each.name === preset.name)
  const saved = known
    ? before.saved.map((each) => (each.name === preset.name ? preset : each))
    : [...before.saved, preset]
  return { ...all, [type]: { ...before, saved } }
}

export function deletePreset(all: Presets, type: string, name: string): Presets {
  const before = all[type] ?? EMPTY
  return { ...all, [type]: { ...before, saved: before.saved.filter((each) => each.name !== name) } }
}

/** What another version may have kept: takes what it understands. */
export function parsePresets(kept: unknown): Presets {
  if (typeof kept !== 'object' || kept === null) return {}
  const all: Presets = {}
  for (const [type, value] of Object.entries(kept as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) continue
    const { last, saved } = value as { last?: unknown; saved?: unknown }
    all[type] = {
      last: typeof last === 'string' ? last : null,
      saved: Array.isArray(saved) ? saved.filter(isPreset) : [],
    }
  }
  return all
}

function isPreset(value: unknown): value is Preset {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Preset).name === 'string' &&
    typeof (value as Preset).params === 'string'
  )
}
