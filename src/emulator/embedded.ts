import { inProcess } from '#lib/in-process.ts'
import type { Fetch } from '#lib/fetch.ts'
import { createInferenceCloud } from './inference/index.ts'
import { createLabDaemon } from './labdaemon/index.ts'

export interface EmbeddedSource {
  name: string
  kind: 'labdaemon' | 'inference'
  url: string
  fetch: Fetch
  embedded: true
  key?: string
}

/** The demo: a lab and a cloud inside this program, as sources of a relay. */
export function createEmbedded(): { sources: EmbeddedSource[]; stop(): void } {
  const lab = createLabDaemon({ preset: 'demo' })
  // Files have the service's own addresses; they are fetched through the relay, and so from here.
  const cloud = createInferenceCloud({ preset: 'demo', publicUrl: 'https://cloud.inference.sh' })
  return {
    sources: [
      {
        name: 'lab',
        kind: 'labdaemon',
        url: 'http://lab.embedded',
        fetch: inProcess((request) => lab.fetch(request)),
        embedded: true,
      },
      {
        name: 'cloud',
        kind: 'inference',
        url: 'http://cloud.embedded',
        fetch: inProcess((request) => cloud.fetch(request)),
        embedded: true,
        key: 'inf_demo',
      },
    ],
    stop() {
      lab.stop()
      cloud.stop()
    },
  }
}
