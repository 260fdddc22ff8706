import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { fileURLToPath } from 'node:url'
import { report, reportTo } from '#lib/isolate.ts'
import { guard } from '../guard.ts'
import { compose } from './compose.ts'
import { chosenToken, firstSentence, readConfig, USAGE } from './config.ts'
import { keepHeapSmall } from './heap.ts'
import { listen, type Tls } from './listen.ts'
import { pageFiles } from './page-files.ts'
import { processLog } from './process-log.ts'
import { onSignal } from './run.ts'
import { UsageError } from './usage-error.ts'

const PAGE = fileURLToPath(new URL('../page', import.meta.url))
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** `weir [options]`: watches the sources and serves the page, until a signal. Throws UsageError and StartError. */
export async function serve(argv: readonly string[]): Promise<void> {
  const config = readConfig(argv, process.env)
  if (config.help || config.version) {
    console.log(config.help ? USAGE : __WEIR_VERSION__)
    return
  }
  keepHeapSmall()
  const tls = config.tls && readTls(config.tls)
  const token =
    chosenToken(process.env) ?? (LOOPBACK.has(config.host) ? null : randomBytes(18).toString('base64url'))
  const log = processLog()
  reportTo((error) => {
    // A console that is gone cannot be told of its own end.
    if ((error as NodeJS.ErrnoException | null)?.code !== 'EPIPE') log.fault(error)
  })
  // One fault in one source must not take everybody's record along.
  process.on('unhandledRejection', report)
  const { relay, start, stop } = compose(config, process.env, log)
  const files = pageFiles(PAGE)
  const handle = guard(
    {
      hosts: [config.host.toLowerCase(), hostname().toLowerCase(), ...config.allowHosts],
      allowOrigins: config.allowOrigins,
      token,
    },
    (request) => (new URL(request.url).pathname.startsWith('/api/') ? relay.fetch(request) : files(request)),
  )
  const server = await listen(handle, config.host, config.port, tls)
  // Only now: a Weir that cannot serve must not have opened streams that nobody would close.
  await start()
  process.on('uncaughtException', report)
  onSignal(async (signal) => {
    log.write('info', 'weir', `stopping: ${signal}`)
    await stop()
    await server.close()
    log.write('info', 'weir', 'stopped')
  })
  const shown = config.host === '0.0.0.0' || config.host === '::' ? hostname() : config.host
  const url = `${tls ? 'https' : 'http'}://${shown.includes(':') ? `[${shown}]` : shown}:${server.port}/`
  const what =
    config.sources.length === 0
      ? 'the demo'
      : config.sources.map((source) => `${source.name} (${source.kind})`).join(', ')
  log.write(
    'info',
    'weir',
    `version ${__WEIR_VERSION__} has started as process ${process.pid} on Node ${process.version}, shows ${what} at ${url}`,
  )
  // The token is for the person who started it, not for a log that is kept.
  console.log(`Weir shows ${what} at ${url}${token ? `?token=${encodeURIComponent(token)}` : ''}`)
}

/** The certificate and its key, checked, so that a wrong file is one clear line. Throws UsageError. */
function readTls(files: { cert: string; key: string }): Tls {
  const cert = readPem('--tls-cert', files.cert)
  const key = readPem('--tls-key', files.key)
  let fits: boolean
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch (error) {
    throw new UsageError(
      `--tls-cert and --tls-key must name PEM files of a certificate and its key: ${firstSentence(error)}`,
    )
  }
  if (!fits) throw new UsageError(`the key in ${files.key} is not that of the certificate in ${files.cert}`)
  return { cert, key }
}

function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${flag} cannot be read: ${firstSentence(error)}`)
  }
}
