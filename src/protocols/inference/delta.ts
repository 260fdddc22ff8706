import { finiteOf, isRecord, isSafeKey, type WireRecord } from './values.ts'

/** How a field of a delta joins what is there (inference.sh wire contract §6). */
type MergeStrategy =
  | { by: 'replace' }
  /** Text follows text. */
  | { by: 'concat' }
  /** Field by field. */
  | { by: 'nested'; fields: MergeFields }
  /** A list whose items name their place by `index`. */
  | { by: 'indexed'; fields: MergeFields }

type MergeFields = Readonly<Record<string, MergeStrategy>>

const REPLACE: MergeStrategy = { by: 'replace' }
const CONCAT: MergeStrategy = { by: 'concat' }

/** The delta of a language model: text, thinking, usage and tool calls whose arguments arrive in pieces. */
const MODEL_DELTA: MergeFields = {
  response: CONCAT,
  reasoning: CONCAT,
  usage: REPLACE,
  tool_calls: {
    by: 'indexed',
    fields: {
      id: REPLACE,
      type: REPLACE,
      function: { by: 'nested', fields: { name: REPLACE, arguments: CONCAT } },
    },
  },
}

/** `state` with a delta merged in; what is not named replaces, null says nothing. Neither is changed. */
export function mergeDelta(state: WireRecord, delta: WireRecord, fields = MODEL_DELTA): WireRecord {
  const merged: Record<string, unknown> = { ...state }
  for (const [key, value] of Object.entries(delta)) {
    if (value === null || value === undefined || !isSafeKey(key)) continue
    const before = Object.hasOwn(merged, key) ? merged[key] : undefined
    merged[key] = mergeValue(before, value, Object.hasOwn(fields, key) ? fields[key]! : REPLACE)
  }
  return merged
}

function mergeValue(before: unknown, value: unknown, strategy: MergeStrategy): unknown {
  switch (strategy.by) {
    case 'concat':
      return typeof before === 'string' && typeof value === 'string' ? before + value : value
    case 'nested':
      return isRecord(value) ? mergeDelta(isRecord(before) ? before : {}, value, strategy.fields) : value
    case 'indexed':
      return Array.isArray(value) ? mergeIndexed(before, value, strategy.fields) : value
    case 'replace':
      return value
  }
}

function mergeIndexed(before: unknown, items: readonly unknown[], fields: MergeFields): unknown[] {
  const byIndex = new Map<number, WireRecord>()
  for (const item of Array.isArray(before) ? [...before, ...items] : items) {
    if (!isRecord(item)) continue
    const index = finiteOf(item['index']) ?? 0
    byIndex.set(index, mergeDelta(byIndex.get(index) ?? {}, item, fields))
  }
  return [...byIndex].sort(([a], [b]) => a - b).map(([, item]) => item)
}
