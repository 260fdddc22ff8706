import type { DeviceStore } from './device-store.ts'

/** The time of a device's newest sample or state, ms since epoch; looked up once per arrival, not per frame. */
export function newestSample(store: DeviceStore): { get: () => number | null; stop: () => void } {
  let newest = read(store)
  const stop = store.subscribe(() => {
    newest = read(store)
  })
  return { get: () => newest, stop }
}

function read(store: DeviceStore): number | null {
  let newest = -Infinity
  for (const track of store.bulk.tracks.values()) newest = Math.max(newest, track.last ?? -Infinity)
  for (const frame of store.bulk.frames.values()) newest = Math.max(newest, frame.at)
  for (const { times } of store.bulk.states.values()) newest = Math.max(newest, times.at(-1) ?? -Infinity)
  const { eventAt } = store.store.getState().record
  return newest === -Infinity ? eventAt : newest
}
