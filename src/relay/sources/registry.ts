import type { SourceKind, SourceKinds } from '../source-kind.ts'
import { INFERENCE } from './inference/kind.ts'
import { JOBS } from './jobs/kind.ts'
import { LABDAEMON } from './labdaemon/kind.ts'

/** The kinds of sources that Weir knows. A new one is a folder beside this file, and a line here. */
export const SOURCE_KINDS: SourceKinds = new Map<string, SourceKind>([
  ['labdaemon', LABDAEMON],
  ['inference', INFERENCE],
  ['jobs', JOBS],
])
