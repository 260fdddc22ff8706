import { parseArgs } from 'node:util'
import { createLabDaemon } from '#emulator/labdaemon/index.ts'
import { firstSentence, parsePort, UsageError } from './config.ts'
import { listen } from './listen.ts'
import { onSignal, run } from './run.ts'

const PRESETS = ['demo', 'bench', 'empty'] as const

await run('weir emulator', async () => {
  const { kind, port, host, seed, preset, strict } = readFlags(process.argv.slice(2))
  if (kind !== 'labdaemon')
    throw new UsageError(`say what to emulate: labdaemon${kind ? `, not "${kind}"` : ''}`)
  const lab = createLabDaemon({ preset, strict, ...(seed === undefined ? {} : { seed }) })
  const server = await listen((request) => lab.fetch(request), host, port)
  onSignal(async () => {
    lab.stop()
    await server.close()
  })
  console.log(`Emulated LabDaemon at http://${host}:${server.port}/`)
})

function readFlags(argv: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        port: { type: 'string', default: '5000' },
        host: { type: 'string', default: '127.0.0.1' },
        seed: { type: 'string' },
        preset: { type: 'string', default: 'demo' },
        strict: { type: 'boolean', default: false },
      },
    })
    const preset = PRESETS.find((each) => each === values.preset)
    if (!preset) throw new UsageError(`preset "${values.preset}" is none of ${PRESETS.join(', ')}`)
    const seed = values.seed === undefined ? undefined : Number(values.seed)
    if (seed !== undefined && !Number.isInteger(seed))
      throw new UsageError(`seed "${values.seed}" is no whole number`)
    return {
      kind: positionals[0],
      port: parsePort(values.port),
      host: values.host,
      seed,
      preset,
      strict: values.strict,
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(firstSentence(error))
  }
}
