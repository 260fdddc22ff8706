import type { SourceKind } from '../../source-kind.ts'
import { InferenceAdapter } from './adapter.ts'
import { withoutKey } from './without-key.ts'

const KEY_VARIABLE = 'INFERENCE_API_KEY'
const PROXY_PATH = '/inference/proxy'

/** A workspace of inference.sh: runs of apps, each with a schema of what it takes. */
export const INFERENCE: SourceKind = {
  label: 'inference.sh',
  endpoints: /\/(?:v1|tasks|apps|files|run|openapi\.json)(?:\/|$)/,
  key: { variable: KEY_VARIABLE, official: /(^|\.)inference\.sh$/ },
  capabilities: () => ({
    start: 'schema',
    cancel: true,
    pause: { absent: 'inference.sh cannot pause a run.' },
    setParameter: { absent: 'inference.sh cannot change the input of a run once it has started.' },
    devices: { absent: 'inference.sh runs apps and has no devices.' },
    phases: true,
    streams: true,
    samples: { absent: 'Runs of inference.sh stream outputs and logs, no numbers.' },
    followLimits: true,
    earlyOutputs: true,
    media: true,
    runFacts: true,
    telemetry: true,
    code: {
      url: 'https://api.inference.sh',
      startPath: '/apps/run',
      keyVariable: KEY_VARIABLE,
      sdk: { package: '@inferencesh/sdk', name: 'inference' },
      proxyPath: `/api${PROXY_PATH}`,
    },
  }),
  proxyPath: PROXY_PATH,
  create(context, { url, fetch, key = null }) {
    return new InferenceAdapter(context, url, key, key === null ? fetch : withoutKey(fetch, key))
  },
}
