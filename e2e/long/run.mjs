// npm run long [-- --fuzz 25] [--kills 20] [--built] [--only smoke|kill|fuzz|mutation] [--mutate FILES]
// What takes too long for `npm test`: the fuzzers with many more cases; a Weir that is killed again and again while it
// records, with its promise of half a second, which takes a quiet machine; the main screens in Firefox and WebKit,
// where those are installed (Debian: firefox-esr; webkit2gtk-driver and xvfb); and small changes of the code that tests
// must notice (about an hour on two cores; `--mutate src/model/track.ts` tries those of one file).
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: {
    fuzz: { type: 'string', default: '25' },
    kills: { type: 'string', default: '20' },
    only: { type: 'string', default: '' },
    built: { type: 'boolean', default: false },
    mutate: { type: 'string', default: '' },
  },
})

const npx = (...args) => ['npx', '--no-install', ...args]
/** Tests whose number of cases `WEIR_FUZZ` multiplies. */
function fuzzers() {
  return readdirSync('src', { recursive: true })
    .map((name) => join('src', String(name)))
    .filter((path) => /\.test\.tsx?$/.test(path) && readFileSync(path, 'utf8').includes('fuzzRuns('))
}

const STEPS = [
  ...(flags.built
    ? []
    : [
        { name: 'build', run: npx('vite', 'build', '--logLevel', 'warn') },
        { name: 'build', run: npx('vite', 'build', '--mode', 'server', '--logLevel', 'warn') },
      ]),
  // Node 20 has the client of WebSockets behind a flag.
  {
    name: 'smoke',
    run: [
      process.execPath,
      '--experimental-websocket',
      '--no-warnings',
      fileURLToPath(new URL('smoke.mjs', import.meta.url)),
    ],
  },
  {
    name: 'kill',
    run: npx(
      'playwright',
      'test',
      '-c',
      'e2e/playwright.config.ts',
      '--no-deps',
      '--project=journeys',
      'kill.spec',
    ),
    env: { WEIR_KILLS: flags.kills, WEIR_KILL_LOST_MS: '500' },
  },
  {
    name: 'fuzz',
    run: npx('vitest', 'run', '--project', 'unit', '--testTimeout', '3600000', ...fuzzers()),
    env: { WEIR_FUZZ: flags.fuzz },
  },
  {
    name: 'mutation',
    run: npx(
      'stryker',
      'run',
      fileURLToPath(new URL('mutation.config.mjs', import.meta.url)),
      ...(flags.mutate === '' ? [] : ['--mutate', flags.mutate]),
    ),
  },
]

const failed = []
for (const { name, run, env } of STEPS) {
  const [command, ...args] = run
  if (name !== 'build' && flags.only !== '' && flags.only !== name) continue
  console.log(`\n— ${name}`)
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`\nFailed: ${failed.join(', ')}`)
  process.exit(1)
}
