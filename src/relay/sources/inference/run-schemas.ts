import type { TaskSchemas } from '#protocols/weir/api.ts'
import { NO_SCHEMAS } from './apps.ts'
import type { Cloud } from './cloud.ts'

/** What the app of a run takes and makes, in the version and of the function that ran. Rejects with InferenceError. */
export async function schemasOfRun({ apps, records }: Cloud, id: string): Promise<TaskSchemas> {
  const run = records.get(id)
  return run ? apps.schemasOf(run) : NO_SCHEMAS
}
