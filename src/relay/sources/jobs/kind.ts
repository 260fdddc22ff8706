import type { SourceKind } from '../../source-kind.ts'
import { ABSENT } from './absent.ts'
import { JobsAdapter } from './adapter.ts'
import { readSettings } from './settings.ts'

/** Any server that has a list of jobs as JSON; what stands where in it is configured (`src/protocols/jobs`). */
export const JOBS: SourceKind = {
  label: 'Job server',
  checkSettings: readSettings,
  capabilities: ({ settings }) => ({
    ...ABSENT,
    ...(settings?.['cancel'] ? { cancel: true } : {}),
    ...(settings?.['stream'] ? { streams: true } : {}),
  }),
  create: (context, { url, settings = {}, fetch }) =>
    new JobsAdapter(context, readSettings(url, settings), fetch),
}
