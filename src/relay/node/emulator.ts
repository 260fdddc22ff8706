import { parseArgs } from 'node:util'
import { createInferenceCloud } from '#emulator/inference/index.ts'
import { createJobs } from '#emulator/jobs/index.ts'
import { createLabDaemon } from '#emulator/labdaemon/index.ts'
import { firstSentence, parsePort } from './config.ts'
import { listen } from './listen.ts'
import { onSignal } from './run.ts'
import { UsageError } from './usage-error.ts'

const USAGE = `Usage: weir emulator labdaemon|inference|jobs [options]

A lab or a cloud to try Weir with, which behaves as real ones were measured to behave; or a queue, which has a list of
jobs as many servers do.

  --port N        port to listen on (5000 for labdaemon, 5001 for inference, 5002 for jobs)
  --host H        address to listen on (127.0.0.1)
  --seed N        a whole number: the same one makes the same data
  --preset NAME   demo (as found at work), bench (only what bears load) or empty
  --strict        the lab answers a client that treats it badly with an error, where a real one would hang
  --help`

const PRESETS = ['demo', 'bench', 'empty'] as const

type Flags = ReturnType<typeof readFlags>

/** What can be emulated, as messages name it, and how each starts. */
const KINDS = {
  labdaemon: {
    title: 'LabDaemon',
    port: '5000',
    path: '',
    start: ({ seed, preset, strict }: Flags) => createLabDaemon({ preset, strict, ...seed }),
  },
  inference: {
    title: 'inference.sh',
    port: '5001',
    path: '',
    start: ({ seed, preset }: Flags) =>
      createInferenceCloud({ preset: preset === 'demo' ? 'demo' : 'empty', ...seed }),
  },
  jobs: {
    title: 'list of jobs',
    port: '5002',
    path: 'jobs',
    start: ({ preset }: Flags) => createJobs({ preset: preset === 'demo' ? 'demo' : 'empty' }),
  },
}
type Kind = keyof typeof KINDS
const NAMES = Object.keys(KINDS) as Kind[]

/** `weir emulator KIND [options]`: serves an emulated source until a signal. Throws UsageError and StartError. */
export async function emulate(argv: readonly string[]): Promise<void> {
  const flags = readFlags(argv)
  if (flags.help) {
    console.log(USAGE)
    return
  }
  const { host } = flags
  const kind = NAMES.find((name) => name === flags.kind)
  if (!kind)
    throw new UsageError(
      `say what to emulate: ${NAMES.join(', ')}${flags.kind ? `, not "${flags.kind}"` : ''}`,
    )
  const { title, path, start, port: usual } = KINDS[kind]
  const port = parsePort(flags.port ?? usual)
  const emulator = start(flags)
  const server = await listen((request) => emulator.fetch(request), host, port)
  onSignal(async () => {
    emulator.stop()
    await server.close()
  })
  console.log(`Emulated ${title} at http://${host}:${server.port}/${path}`)
}

function readFlags(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        seed: { type: 'string' },
        preset: { type: 'string', default: 'demo' },
        strict: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const preset = PRESETS.find((each) => each === values.preset)
    if (!preset) throw new UsageError(`preset "${values.preset}" is none of ${PRESETS.join(', ')}`)
    const seed = values.seed === undefined ? undefined : Number(values.seed)
    if (seed !== undefined && !Number.isInteger(seed))
      throw new UsageError(`seed "${values.seed}" is no whole number`)
    return {
      kind: positionals[0],
      port: values.port,
      host: values.host,
      seed: seed === undefined ? {} : { seed },
      preset,
      strict: values.strict,
      help: values.help,
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(firstSentence(error))
  }
}
