import type { ComponentType } from 'react'
import type { CapabilityName } from '#model/capabilities.ts'
import type { IconName } from '#ui/icon.tsx'
import { lazyPart } from '#ui/lazy-part.tsx'
import { Waiting } from '#ui/waiting.tsx'
import type { DevicePanelProps, TaskPanelProps } from './panel-props.ts'

interface Facts {
  /** Stands in the addresses of walls and pages: it never changes. */
  id: string
  title: string
  icon: IconName
  /** The first size on a wall: columns of twelve, and rows. */
  w: number
  h: number
  /** The source can show nothing in it without this. */
  needs?: CapabilityName
  /** What it shows may be higher than its place: a wall lets it scroll. */
  isTall?: true
  /** It shows by itself how its task or device is. */
  saysStatus?: true
}

interface Kind<Of, Props> extends Facts {
  of: Of
  Body: ComponentType<Props> & { preload(): Promise<void> }
}

export type TaskPanelKind = Kind<'tasks', TaskPanelProps>
export type DevicePanelKind = Kind<'devices', DevicePanelProps>
export type PanelKind = TaskPanelKind | DevicePanelKind

const WAITING = { waiting: <Waiting className="p-4">Loading…</Waiting> }

function ofTasks(facts: Facts, load: () => Promise<ComponentType<TaskPanelProps>>): TaskPanelKind {
  return { ...facts, of: 'tasks', Body: lazyPart(load, WAITING) }
}

function ofDevices(facts: Facts, load: () => Promise<ComponentType<DevicePanelProps>>): DevicePanelKind {
  return { ...facts, of: 'devices', Body: lazyPart(load, WAITING) }
}

/**
 * All kinds of panels: views of a task or a device that stand on its page, on a wall, or both. A new one is a folder
 * here and an entry below; chooser, wall and pages draw from it.
 */
export const PANEL_KINDS: readonly PanelKind[] = [
  ofTasks(
    { id: 'log', title: 'Log', icon: 'tasks', w: 6, h: 8 },
    async () => (await import('./log/task-log.tsx')).TaskLog,
  ),
  ofTasks(
    { id: 'progress', title: 'Progress', icon: 'clock', w: 3, h: 5, saysStatus: true },
    async () => (await import('./progress/progress-panel.tsx')).ProgressPanel,
  ),
  ofTasks(
    { id: 'output', title: 'Output', icon: 'download', w: 6, h: 8 },
    async () => (await import('./output/output-panel.tsx')).OutputPanel,
  ),
  ofTasks(
    { id: 'plots', title: 'Plots', icon: 'plot', w: 6, h: 10, needs: 'samples', isTall: true },
    async () => (await import('./device/task-plots.tsx')).TaskPlots,
  ),
  ofTasks(
    { id: 'timeline', title: 'Timeline', icon: 'clock', w: 6, h: 8, isTall: true },
    async () => (await import('./timeline/timeline-panel.tsx')).TimelinePanel,
  ),
  ofDevices(
    { id: 'device', title: 'Device', icon: 'device', w: 6, h: 10, isTall: true },
    async () => (await import('./device/device-panel.tsx')).DevicePanel,
  ),
]

const byId = new Map(PANEL_KINDS.map((kind) => [kind.id, kind]))

/** The kind of that id; undefined where there is none. */
export function panelKind(id: string): PanelKind | undefined {
  return byId.get(id)
}

/** The kind of that id where it shows tasks. */
export function taskPanelKind(id: string): TaskPanelKind | undefined {
  const kind = byId.get(id)
  return kind?.of === 'tasks' ? kind : undefined
}

/** The kind of that id where it shows devices. */
export function devicePanelKind(id: string): DevicePanelKind | undefined {
  const kind = byId.get(id)
  return kind?.of === 'devices' ? kind : undefined
}

/** What a panel of a task or device is called: "Log of sweep-1", or the device alone where it shows all of it. */
export function panelName(kind: PanelKind, id: string): string {
  return kind.id === 'device' ? id : `${kind.title} of ${id}`
}
