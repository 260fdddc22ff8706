import type { SourceKind } from '../../source-kind.ts'
import { LabDaemonAdapter } from './adapter.ts'

/** A LabDaemon server: tasks of any type, and the devices they use. */
export const LABDAEMON: SourceKind = {
  label: 'LabDaemon',
  endpoints: /\/(?:tasks|devices|stream|health|docs|redoc|openapi\.json)(?:\/|$)/,
  capabilities: () => ({
    start: 'parameters',
    cancel: true,
    pause: true,
    setParameter: true,
    devices: true,
    phases: { absent: 'A LabDaemon tells no phases of a task: Weir times what it sees.' },
    streams: true,
    samples: true,
    followLimits: { absent: 'Weir follows a task of a LabDaemon to its end.' },
    earlyOutputs: { absent: 'A LabDaemon tells the result of a task when it has ended.' },
    media: { absent: 'Results of a LabDaemon are data.' },
    runFacts: { absent: 'A LabDaemon tells nothing of a task beside its stream and its result.' },
    telemetry: { absent: 'A LabDaemon does not measure what a task uses.' },
    code: { absent: 'Tasks of a LabDaemon are started through Weir or by its own client.' },
  }),
  create: (context, { url, fetch }) => new LabDaemonAdapter(context, url, fetch),
}
