import { useEffect } from 'react'
import { useStore } from 'zustand'
import { deviceTopic } from '#protocols/weir/topics.ts'
import { DeviceStore, type DeviceState } from './device-store.ts'
import { useStreams } from './react.tsx'

/*
 * Apart from the other hooks: buffers of samples load with the views that draw them.
 */

/** Watches a device's topic; for its sample buffers and raw subscription. */
export function useDeviceStore(source: string, id: string): DeviceStore {
  const streams = useStreams()
  const topic = deviceTopic(source, id)
  useEffect(() => streams.watchTopic(topic), [streams, topic])
  return streams.topic(topic, makeStore)
}

/** Watches a device's topic and renders when what `select` returns changes. */
export function useDevice<R>(source: string, id: string, select: (state: DeviceState) => R): R {
  return useStore(useDeviceStore(source, id).store, select)
}

function makeStore(): DeviceStore {
  return new DeviceStore()
}
