import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import { defaultDataFolder, parseData, parseKeep, parseKeepSize } from './data-folder.ts'
import { parseSource, parseSourceObject, type NamedSource } from './source-argument.ts'
import { UsageError } from './usage-error.ts'
import { isCall } from '#protocols/inference/proxy-calls.ts'

export interface Config {
  port: number
  host: string
  /** Empty: the embedded demo. */
  sources: NamedSource[]
  allowOrigins: string[]
  /** Further names under which Weir may be asked. */
  allowHosts: string[]
  /** Calls that the SDK's proxy lets through beside its own table, `METHOD /path/:part`. */
  allowCalls: string[]
  /** Files of the certificate and its key, where Weir is to serve HTTPS. */
  tls: { cert: string; key: string } | null
  /** The folder of the record; null: it is in memory. */
  data: string | null
  /** For how long ended topics are kept (ms), and how large the record may become (bytes); null: not said. */
  keep: { ageMs: number | null; bytes: number | null }
  /** Sources that are the same as those of their names in the record, though their kind or URL is another. */
  sourceMoved: string[]
  help: boolean
  version: boolean
}

export const USAGE = `Usage: weir [options]
       weir backup DIR [--data DIR]                  copies the record, also while Weir runs
       weir emulator labdaemon|inference|jobs        a lab, a cloud or a queue to try Weir with

Watches tasks and devices of its sources, and serves the page that shows them.

  --source NAME=KIND:URL   a backend to watch; KIND is labdaemon, inference or jobs; repeatable.
                           Without any: the demo. The key for inference.sh is read from INFERENCE_API_KEY,
                           a header that lets Weir in at the source NAME from WEIR_HEADER_NAME
  --data DIR               the folder of the record (the user's data folder; for the demo: none);
                           "none" keeps it in memory
  --keep TIME              lets go of what ended longer ago, as in 90d or 12h
  --keep-size SIZE         lets go of the oldest that has ended when the record is larger (20GB, or a tenth of
                           the disk where that is less)
  --source-moved NAME      the source NAME is the one of that name in the record, at another URL; repeatable
  --port N                 port to listen on (4680)
  --host H                 address to listen on (127.0.0.1); any other needs the token that is printed
  --allow-host NAME        a further host name under which Weir may be asked; repeatable
  --allow-origin ORIGIN    another origin whose pages may use the API; repeatable
  --tls-cert FILE          serve HTTPS (with HTTP/2) with this certificate, PEM, with its chain
  --tls-key FILE           and this key of it, PEM
  --allow-call "M /PATH"   a further call that the proxy for the inference.sh SDK lets through, as in
                           "GET /search/:words"; repeatable
  --help, --version

WEIR_PORT, WEIR_HOST, WEIR_SOURCES (comma-separated), WEIR_DATA, WEIR_TLS_CERT, WEIR_TLS_KEY and
weir.config.json say the same; flags win.`

// The small build of the schema library brings no words of its own.
z.config(z.locales.en())

const source = z.union(
  [z.string(), z.record(z.string(), z.unknown())],
  'must be KIND:URL or an object with "kind" and "url"',
)

const file = z.strictObject({
  port: z.optional(z.int()),
  host: z.optional(z.string()),
  sources: z.optional(
    z.union([z.array(source), z.record(z.string(), source)], 'must be a list or an object of sources'),
  ),
  allowOrigins: z.optional(z.array(z.string())),
  allowHosts: z.optional(z.array(z.string())),
  allowCalls: z.optional(z.array(z.string())),
  tlsCert: z.optional(z.string()),
  tlsKey: z.optional(z.string()),
  data: z.optional(z.string()),
  keep: z.optional(z.string()),
  keepSize: z.optional(z.string()),
})

const CONFIG_FILE = 'weir.config.json'

/** Reads flags, environment and file, in this order of weight. Throws UsageError. */
export function readConfig(argv: readonly string[], env: NodeJS.ProcessEnv): Config {
  const flags = readFlags(argv)
  const fromFile = readFile()
  const items = flags.source ?? (env['WEIR_SOURCES'] || undefined)?.split(',').map((item) => item.trim())
  const sources = items
    ? items.filter((item) => item !== '').map(parseSource)
    : sourcesIn(fromFile.sources ?? [])
  const twice = sources.find((source, i) => sources.findIndex((other) => other.name === source.name) !== i)
  if (twice) throw new UsageError(`two sources are named "${twice.name}"`)
  const keep = flags.keep ?? fromFile.keep
  const keepSize = flags['keep-size'] ?? fromFile.keepSize
  return {
    port: parsePort(flags.port ?? env['WEIR_PORT'] ?? fromFile.port ?? 4680),
    host: flags.host ?? env['WEIR_HOST'] ?? fromFile.host ?? '127.0.0.1',
    sources,
    allowOrigins: (flags['allow-origin'] ?? fromFile.allowOrigins ?? []).map(parseOrigin),
    allowHosts: (flags['allow-host'] ?? fromFile.allowHosts ?? []).map((host) => host.toLowerCase()),
    allowCalls: (flags['allow-call'] ?? fromFile.allowCalls ?? []).map(parseCall),
    tls: parseTls(
      flags['tls-cert'] ?? env['WEIR_TLS_CERT'] ?? fromFile.tlsCert,
      flags['tls-key'] ?? env['WEIR_TLS_KEY'] ?? fromFile.tlsKey,
    ),
    // What people watch is kept where they keep what they want; the demo leaves nothing behind.
    data: dataOf(
      flags.data,
      env,
      fromFile.data,
      sources.length === 0 ? null : defaultDataFolder(env, process.platform),
    ),
    keep: {
      ageMs: keep === undefined ? null : parseKeep(keep),
      bytes: keepSize === undefined ? null : parseKeepSize(keepSize),
    },
    sourceMoved: (flags['source-moved'] ?? []).map((name) => knownSource(name, sources)),
    help: flags.help ?? false,
    version: flags.version ?? false,
  }
}

/** The sources of the file: `NAME=KIND:URL` or objects in a list, `KIND:URL` or objects by their names. */
function sourcesIn(sources: NonNullable<z.infer<typeof file>['sources']>): NamedSource[] {
  if (Array.isArray(sources))
    return sources.flatMap((item, i) =>
      typeof item === 'string'
        ? item.trim() === ''
          ? []
          : parseSource(item)
        : parseSourceObject(`${CONFIG_FILE}: sources.${i}`, item),
    )
  return Object.entries(sources).map(([name, item]) =>
    typeof item === 'string'
      ? parseSource(`${name}=${item}`)
      : parseSourceObject(`${CONFIG_FILE}: sources.${name}`, item, name),
  )
}

/** The folder of the record, as a Weir with sources has it. @param flag what `--data` says; see readConfig */
export function readData(flag: string | undefined, env: NodeJS.ProcessEnv): string | null {
  return dataOf(flag, env, readFile().data, defaultDataFolder(env, process.platform))
}

function dataOf(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
  inFile: string | undefined,
  otherwise: string | null,
): string | null {
  const value = flag ?? (env['WEIR_DATA'] || inFile)
  return value === undefined ? otherwise : parseData(value)
}

function knownSource(name: string, sources: readonly NamedSource[]): string {
  if (sources.some((source) => source.name === name)) return name
  throw new UsageError(`--source-moved names "${name}", but no source is called so`)
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

function parseTls(cert: string | undefined, key: string | undefined): Config['tls'] {
  if (!cert && !key) return null
  if (!cert || !key) throw new UsageError('HTTPS needs both --tls-cert and --tls-key')
  return { cert, key }
}

function parseCall(value: string): string {
  if (!isCall(value))
    throw new UsageError(`allow-call "${value}" is not METHOD /PATH, as in "GET /search/:words"`)
  return value
}

/** Fewer characters than this can be guessed. */
const SHORTEST_TOKEN = 20

/** The token that a person chose (WEIR_TOKEN); null when there is none. Throws UsageError. */
export function chosenToken(env: NodeJS.ProcessEnv): string | null {
  const token = env['WEIR_TOKEN']
  if (!token) return null
  if (token.length < SHORTEST_TOKEN)
    throw new UsageError(
      `WEIR_TOKEN has ${token.length} characters, which can be guessed; use at least ${SHORTEST_TOKEN} random ones, or leave it out and Weir makes one`,
    )
  if (!/^[\x21-\x7e]+$/.test(token))
    throw new UsageError('WEIR_TOKEN may hold only ASCII letters, digits and signs, no spaces')
  return token
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
        'allow-call': { type: 'string', multiple: true },
        data: { type: 'string' },
        keep: { type: 'string' },
        'keep-size': { type: 'string' },
        'source-moved': { type: 'string', multiple: true },
        'tls-cert': { type: 'string' },
        'tls-key': { type: 'string' },
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
