import { deviceKey } from '#model/device.ts'
import { taskKey } from '#model/task.ts'
import type { ListItem } from '#protocols/weir/stream.ts'

/** The live lists: the rows of a kind each. Its name is the topic under which they are told. */
export type ListTopic = keyof ListItem

/** What a row is known by in its list. */
export const ROW_KEYS: { readonly [K in ListTopic]: (row: ListItem[K]) => string } = {
  tasks: taskKey,
  devices: deviceKey,
  sources: ({ name }) => name,
  commands: ({ id }) => id,
  batches: ({ id }) => id,
}
