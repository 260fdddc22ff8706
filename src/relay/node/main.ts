import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { guard } from '../guard.ts'
import { compose } from './compose.ts'
import { readConfig, USAGE } from './config.ts'
import { listen } from './listen.ts'
import { pageFiles } from './page-files.ts'
import { onSignal, run } from './run.ts'

const PAGE = fileURLToPath(new URL('../page', import.meta.url))
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

await run('weir', async () => {
  const config = readConfig(process.argv.slice(2), process.env)
  if (config.help || config.version) {
    console.log(config.help ? USAGE : __WEIR_VERSION__)
    return
  }
  const token = LOOPBACK.has(config.host)
    ? null
    : process.env['WEIR_TOKEN'] || randomBytes(18).toString('base64url')
  // One fault in one source must not take everybody's record along.
  process.on('unhandledRejection', (error) => {
    console.error(error)
  })
  const { relay, stop } = compose(config, process.env)
  const files = pageFiles(PAGE)
  const handle = guard(
    {
      hosts: [config.host.toLowerCase(), hostname().toLowerCase(), ...config.allowHosts],
      allowOrigins: config.allowOrigins,
      token,
    },
    (request) => (new URL(request.url).pathname.startsWith('/api/') ? relay.fetch(request) : files(request)),
  )
  const server = await listen(handle, config.host, config.port)
  onSignal(async () => {
    await stop()
    await server.close()
  })
  const shown = config.host === '0.0.0.0' || config.host === '::' ? hostname() : config.host
  const url = `http://${shown.includes(':') ? `[${shown}]` : shown}:${server.port}/${token ? `?token=${encodeURIComponent(token)}` : ''}`
  const what =
    config.sources.length === 0
      ? 'the demo'
      : config.sources.map((source) => `${source.name} (${source.kind})`).join(', ')
  console.log(`Weir shows ${what} at ${url}`)
})
