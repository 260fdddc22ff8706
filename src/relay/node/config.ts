import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import type { SourceKind } from '#model/source.ts'

/** A mistake of the person who started Weir: one clear line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface NamedSource {
  name: string
  kind: SourceKind
  url: string
}

export interface Config {
  port: number
  host: string
  /** Empty: the embedded demo. */
  sources: NamedSource[]
  allowOrigins: string[]
  /** Further names under which Weir may be asked. */
  allowHosts: string[]
  help: boolean
  version: boolean
}

export const USAGE = `Usage: npm start -- [options]

  --source NAME=KIND:URL   a backend to watch; KIND is labdaemon or inference; repeatable.
                           Without any: the demo. The key for inference.sh is read from INFERENCE_API_KEY
  --port N                 port to listen on (4680)
  --host H                 address to listen on (127.0.0.1); any other needs the token that is printed
  --allow-host NAME        a further host name under which Weir may be asked; repeatable
  --allow-origin ORIGIN    another origin whose pages may use the API; repeatable
  --help, --version

WEIR_PORT, WEIR_HOST, WEIR_SOURCES (comma-separated) and weir.config.json say the same; flags win.`

// The small build of the schema library brings no words of its own.
z.config(z.locales.en())

const file = z.strictObject({
  port: z.optional(z.int()),
  host: z.optional(z.string()),
  sources: z.optional(z.union([z.array(z.string()), z.record(z.string(), z.string())])),
  allowOrigins: z.optional(z.array(z.string())),
  allowHosts: z.optional(z.array(z.string())),
})

const CONFIG_FILE = 'weir.config.json'

/** Reads flags, environment and file, in this order of weight. Throws UsageError. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = readFlags(argv)
  const fromFile = readFile()
  const items =
    flags.source ??
    (env['WEIR_SOURCES']
      ? env['WEIR_SOURCES'].split(',').map((item) => item.trim())
      : Array.isArray(fromFile.sources)
        ? fromFile.sources
        : Object.entries(fromFile.sources ?? {}).map(([name, value]) => `${name}=${value}`))
  const sources = items.filter((item) => item !== '').map(parseSource)
  const twice = sources.find((source, i) => sources.findIndex((other) => other.name === source.name) !== i)
  if (twice) throw new UsageError(`two sources are named "${twice.name}"`)
  return {
    port: parsePort(flags.port ?? env['WEIR_PORT'] ?? fromFile.port ?? 4680),
    host: flags.host ?? env['WEIR_HOST'] ?? fromFile.host ?? '127.0.0.1',
    sources,
    allowOrigins: (flags['allow-origin'] ?? fromFile.allowOrigins ?? []).map(parseOrigin),
    allowHosts: (flags['allow-host'] ?? fromFile.allowHosts ?? []).map((host) => host.toLowerCase()),
    help: flags.help ?? false,
    version: flags.version ?? false,
  }
}

/** `NAME=KIND:URL`. */
export function parseSource(item: string): NamedSource {
  const match = /^([A-Za-z0-9][A-Za-z0-9._-]*)=([a-z]+):(.+)$/.exec(item)
  if (!match)
    throw new UsageError(`source "${item}" is not NAME=KIND:URL, as in bench=labdaemon:http://127.0.0.1:5000`)
  const [, name, kind, url] = match as unknown as [string, string, string, string]
  if (kind !== 'labdaemon' && kind !== 'inference')
    throw new UsageError(`source "${name}" has the kind "${kind}"; Weir knows labdaemon and inference`)
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new UsageError(`source "${name}" has no valid URL: "${url}"`)
  }
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new UsageError(`source "${name}" needs an http or https URL, not "${url}"`)
  if (parsed.username || parsed.password)
    throw new UsageError(`source "${name}" has a password in its URL; Weir shows URLs, so leave it out`)
  return { name, kind, url: parsed.href.replace(/\/$/, '') }
}

export function parsePort(value: string | number): number {
  const port = Number(value)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`port "${value}" is no number from 0 to 65535`)
  return port
}

function parseOrigin(value: string): string {
  try {
    const url = new URL(value)
    if (url.origin !== 'null') return url.origin
  } catch {
    // Said below.
  }
  throw new UsageError(`origin "${value}" is not like https://host:port`)
}

function readFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        source: { type: 'string', multiple: true },
        port: { type: 'string' },
        host: { type: 'string' },
        'allow-host': { type: 'string', multiple: true },
        'allow-origin': { type: 'string', multiple: true },
        help: { type: 'boolean' },
        version: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    throw new UsageError(firstSentence(error))
  }
}

function readFile(): z.infer<typeof file> {
  const path = join(process.cwd(), CONFIG_FILE)
  if (!existsSync(path)) return {}
  let body: unknown
  try {
    body = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new UsageError(`${CONFIG_FILE} is no JSON: ${firstSentence(error)}`)
  }
  const result = file.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new UsageError(
    `${CONFIG_FILE}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not as it should be'}`,
  )
}

/** Node explains a bad flag in several sentences; the first says what is wrong. */
export function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split(/\.\s|\n/)[0] ?? text
}
