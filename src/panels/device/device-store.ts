import type { StoreOf } from '#streams/topic-store.ts'
import type { DEVICE_VIEW } from '#topics/device-view.ts'

/** The store of one watched device, and its samples. */
export type DeviceStore = StoreOf<typeof DEVICE_VIEW>
