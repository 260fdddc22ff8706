import type { Capabilities } from '#model/capabilities.ts'
import type { Source } from '#model/source.ts'

/** A source that can do all there is, but where a test says otherwise. Its tasks have parameters. */
export const ALL_CAPABILITIES: Capabilities = {
  start: 'parameters',
  cancel: true,
  pause: true,
  setParameter: true,
  devices: true,
  phases: true,
  streams: true,
  samples: true,
  followLimits: true,
  earlyOutputs: true,
  media: true,
  runFacts: true,
  telemetry: true,
  code: { absent: 'It has no code.' },
}

/** A source that answers. Times are ms since epoch. */
export function sampleSource(name: string, part: Partial<Source> = {}): Source {
  return {
    name,
    kind: 'sample',
    label: 'Sample',
    capabilities: ALL_CAPABILITIES,
    url: `http://${name}.test`,
    state: 'ok',
    detail: 'Connected',
    since: 0,
    tasksReadAt: 0,
    devicesReadAt: 0,
    latencyMs: 3,
    eventsPerSecond: 10,
    events: 100,
    openStreams: 1,
    reconnects: 0,
    gaps: 0,
    restarts: 0,
    lastError: null,
    taskTypes: [],
    embedded: false,
    ...part,
  }
}
