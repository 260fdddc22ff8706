import type { Device } from '#model/device.ts'

export const DEVICE_STATES = ['connected', 'streaming', 'owned', 'error'] as const
/** What a device may be, several at once. */
export type DeviceStateName = (typeof DEVICE_STATES)[number]

/** The list's state as the URL spells it; what is as usual is left out. */
export interface DevicesSearch {
  q?: string | undefined
  source?: string | undefined
  /** Comma-separated; a device has to be all of them. */
  state?: string | undefined
  /** `table`; cards otherwise. */
  view?: string | undefined
  /** Present while "Add device" is open. */
  add?: string | undefined
}

/** The same, ready for use. */
export interface DevicesQuery {
  words: readonly string[]
  source: string
  states: ReadonlySet<DeviceStateName>
  view: 'grid' | 'table'
}

export function devicesQuery(search: DevicesSearch): DevicesQuery {
  return {
    words: (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean),
    source: search.source ?? '',
    states: new Set(DEVICE_STATES.filter((state) => search.state?.split(',').includes(state))),
    view: search.view === 'table' ? 'table' : 'grid',
  }
}

export function isFiltered(query: DevicesQuery): boolean {
  return query.words.length > 0 || query.source !== '' || query.states.size > 0
}

/** The URL's word for the states with one more, or one less. */
export function toggleState(states: ReadonlySet<DeviceStateName>, state: DeviceStateName): string {
  const next = new Set(states)
  if (!next.delete(state)) next.add(state)
  return DEVICE_STATES.filter((each) => next.has(each)).join(',')
}

function isInState(device: Device, state: DeviceStateName): boolean {
  switch (state) {
    case 'connected':
      return device.connected
    case 'streaming':
      return device.streaming || device.hold !== null
    case 'owned':
      return device.ownedBy !== null
    case 'error':
      return device.lastError !== null
  }
}

/**
 * The devices that match, and how many of those that match text and source are in each state. Devices that
 * carry the stream of a task match by text and source alone: they stand beside the list.
 */
export function findDevices(
  devices: Iterable<Device>,
  query: DevicesQuery,
): {
  found: Device[]
  counts: Record<DeviceStateName, number>
  /** The sources of what is counted. */
  counted: ReadonlySet<string>
  total: number
} {
  const counted = new Set<string>()
  const counts: Record<DeviceStateName, number> = { connected: 0, streaming: 0, owned: 0, error: 0 }
  const found: Device[] = []
  let total = 0
  for (const device of devices) {
    const real = device.streamOf === null
    if (real) total += 1
    if (query.source !== '' && device.source !== query.source) continue
    const text = `${device.id} ${device.type} ${device.source} ${device.ownedBy ?? ''}`.toLowerCase()
    if (!query.words.every((word) => text.includes(word))) continue
    if (!real) {
      found.push(device)
      continue
    }
    counted.add(device.source)
    for (const state of DEVICE_STATES) if (isInState(device, state)) counts[state] += 1
    if ([...query.states].every((state) => isInState(device, state))) found.push(device)
  }
  return { found, counts, counted, total }
}
