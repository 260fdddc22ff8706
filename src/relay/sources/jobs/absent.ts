import type { Capabilities } from '#model/capabilities.ts'

/** What a source of jobs cannot do, and why, in plain words. */
export const ABSENT = {
  start: { absent: 'Weir only watches these jobs: start them where they come from.' },
  cancel: { absent: 'Its configuration names no address to cancel a job at ("cancel").' },
  pause: { absent: 'Weir knows no way to pause a job of this server.' },
  setParameter: { absent: 'Weir knows no way to change what a job of this server was started with.' },
  devices: { absent: 'A list of jobs has no devices.' },
  phases: { absent: 'A list of jobs tells its own words for states, not phases with their times.' },
  streams: {
    absent: 'Its configuration names no stream of a job ("stream"): its list is read again and again.',
  },
  samples: { absent: 'Jobs of this server tell progress and lines, no numbers to draw.' },
  followLimits: { absent: 'Weir follows a job to its end.' },
  earlyOutputs: { absent: 'A result is read when its job has ended.' },
  media: { absent: 'Results of jobs are data.' },
  runFacts: { absent: 'A list of jobs does not tell where a job ran.' },
  telemetry: { absent: 'A list of jobs does not tell what a job uses.' },
  code: { absent: 'Weir does not know how jobs of this server are started.' },
} satisfies Capabilities
