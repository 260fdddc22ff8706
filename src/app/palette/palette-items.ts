import { compareNames } from '#lib/locale.ts'
import type { Device } from '#model/device.ts'
import type { TaskSummary } from '#model/task.ts'
import { statusLabel } from '#model/status.ts'
import type { IconName } from '#ui/icon.tsx'

export interface PaletteItem {
  key: string
  group: 'Screens' | 'Actions' | 'Devices' | 'Tasks'
  icon: IconName
  label: string
  hint: string
  run: () => void
}

/** Of tasks, and of devices. */
const AT_MOST = 50

/** Items that hold all words of the query, those that begin with it first; few tasks and devices while nothing is typed. */
export function findItems(items: readonly PaletteItem[], query: string): PaletteItem[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const found: { item: PaletteItem; rank: number }[] = []
  for (const item of items) {
    const text = `${item.label} ${item.hint}`.toLowerCase()
    if (!words.every((word) => text.includes(word))) continue
    const label = item.label.toLowerCase()
    const first = words[0] ?? ''
    found.push({ item, rank: label === query.trim().toLowerCase() ? 0 : label.startsWith(first) ? 1 : 2 })
  }
  // Sorting is stable: within a rank the order of the items stands.
  if (words.length > 0) found.sort((a, b) => a.rank - b.rank)
  // Groups stay together, the one with the best match first.
  const groups = [...new Set(found.map(({ item }) => item.group))]
  found.sort((a, b) => groups.indexOf(a.item.group) - groups.indexOf(b.item.group))
  const limit = words.length > 0 ? AT_MOST : 8
  const shown = { Tasks: 0, Devices: 0 }
  return found
    .map(({ item }) => item)
    .filter(({ group }) => (group !== 'Tasks' && group !== 'Devices') || ++shown[group] <= limit)
}

/** What runs first, the newest of each first. */
export function orderTasks(tasks: Iterable<TaskSummary>): TaskSummary[] {
  return [...tasks].sort(
    (a, b) =>
      Number(b.status === 'running') - Number(a.status === 'running') ||
      (b.startedAt ?? b.firstSeenAt) - (a.startedAt ?? a.firstSeenAt),
  )
}

export function taskHint(task: TaskSummary): string {
  return `${statusLabel(task.status)} · ${task.source}${task.type ? ` · ${task.type}` : ''}`
}

/** Devices by name, without those that only carry the stream of a task. */
export function orderDevices(devices: Iterable<Device>): Device[] {
  return [...devices].filter((device) => device.streamOf === null).sort((a, b) => compareNames(a.id, b.id))
}
