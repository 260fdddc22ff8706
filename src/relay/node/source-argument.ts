import { SettingsError, type SourceSettings } from '../source-kind.ts'
import { SOURCE_KINDS } from '../sources/registry.ts'
import { UsageError } from './usage-error.ts'

export interface NamedSource {
  name: string
  /** In the registry of kinds. */
  kind: string
  /** http or https; without a slash at its end where Weir adds paths to it. */
  url: string
  /** The environment variable with the headers that let Weir in, where it is named. */
  headers?: string
  /** What else the configuration says of it; the kind has checked it. */
  settings?: SourceSettings
}

const EXAMPLE = 'bench=labdaemon:http://127.0.0.1:5000'
const LONGEST_NAME = 64
/**
 * Reads `NAME=KIND:URL`. What cannot work is refused here, with what to do: later it would look like a server
 * that is away. Throws UsageError.
 */
export function parseSource(item: string): NamedSource {
  const equals = item.indexOf('=')
  // A URL may hold an equals sign: what stands before it is then no name.
  if (equals < 0 || item.slice(0, equals).includes('://'))
    throw new UsageError(`source "${shown(item)}" is not NAME=KIND:URL, as in ${EXAMPLE}`)
  const name = checkedName(item.slice(0, equals).trim())
  const { kind, rest } = kindOf(name, item.slice(equals + 1).trim())
  return { name, kind, url: checkedUrl(name, kind, rest) }
}

/**
 * Reads a source that the file has as an object: `name`, `kind`, `url`, `headers` and what else its kind knows.
 * Throws UsageError, which says where in the file.
 * @param where the source's place in the file, as in `sources.0`
 * @param key its name, where that stands before it
 */
export function parseSourceObject(
  where: string,
  given: SourceSettings,
  key: string | null = null,
): NamedSource {
  const { name = key, kind, url, headers, ...settings } = given
  const text = (what: string, value: unknown): string => {
    if (typeof value === 'string') return value
    throw new UsageError(`${where}.${what} must be a text; a source has "name", "kind" and "url"`)
  }
  const checked = checkedName(text('name', name))
  const type = SOURCE_KINDS.get(text('kind', kind))
  if (!type) throw unknownKind(checked, text('kind', kind))
  const source = {
    name: checked,
    kind: text('kind', kind),
    url: checkedUrl(checked, text('kind', kind), text('url', url)),
  }
  if (headers !== undefined && !(typeof headers === 'string' && /^[A-Z_][A-Z0-9_]*$/i.test(headers)))
    throw new UsageError(
      `${where}.headers must be the name of an environment variable that holds them, one a line, as in "${variableOf(checked)}_HEADERS"`,
    )
  if (!type.checkSettings && Object.keys(settings).length > 0)
    throw new UsageError(
      `${where}.${Object.keys(settings)[0]!} is nothing that a source of the kind ${source.kind} has`,
    )
  try {
    type.checkSettings?.(source.url, settings)
  } catch (error) {
    throw error instanceof SettingsError ? new UsageError(`${where}.${error.message}`) : error
  }
  return {
    ...source,
    ...(headers === undefined ? {} : { headers }),
    ...(type.checkSettings ? { settings } : {}),
  }
}

function checkedName(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name))
    throw new UsageError(
      `"${shown(name)}" cannot name a source: a name has letters, digits, ".", "-" and "_", and begins with a letter or digit, as in ${EXAMPLE}`,
    )
  if (name.length > LONGEST_NAME)
    throw new UsageError(
      `the name "${name.slice(0, 20)}…" has ${name.length} characters; a source's name has at most ${LONGEST_NAME}`,
    )
  return name
}

function kindOf(name: string, text: string): { kind: string; rest: string } {
  const [kind, rest] = cut(text)
  if (SOURCE_KINDS.has(kind)) return { kind, rest }
  const known = [...SOURCE_KINDS.keys()]
  if (/^https?$/i.test(kind))
    throw new UsageError(
      `source "${name}" lacks its kind: write ${known.map((each) => `${name}=${each}:${shown(text)}`).join(' or ')}`,
    )
  if (rest === '') throw new UsageError(`source "${name}" is not NAME=KIND:URL, as in ${EXAMPLE}`)
  throw unknownKind(name, kind)
}

function unknownKind(name: string, kind: string): UsageError {
  return new UsageError(
    `source "${name}" has the kind "${shown(kind)}"; Weir knows ${[...SOURCE_KINDS.keys()].join(', ')}`,
  )
}

function checkedUrl(name: string, kind: string, text: string): string {
  const refuse = (why: string) => new UsageError(`source "${name}" ${why}`)
  const login = `WEIR_HEADER_${variableOf(name)}`
  if (/\s/.test(text)) throw refuse(`has a space in its URL: "${shown(text)}"`)
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    throw refuse(`needs an http or https URL: write ${name}=${kind}:http://${shown(text) || 'HOST:PORT'}`)
  if (!URL.canParse(text)) throw refuse(`has no valid URL: "${shown(text)}"`)
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refuse(`needs an http or https URL, not "${shown(text)}"`)
  if (url.username || url.password)
    throw refuse(`has a password in its URL; Weir shows URLs, so leave it out and set ${login}`)
  if (text.includes('?'))
    throw refuse(`has a query ("?…") in its URL; leave it out. What lets Weir in goes into ${login}`)
  if (text.includes('#')) throw refuse(`has a fragment ("#…") in its URL; leave it out`)
  if (url.port === '0') throw refuse(`has the port 0 in its URL, at which nothing answers`)
  const { endpoints } = SOURCE_KINDS.get(kind)!
  // Weir adds no path: the address is as it was written.
  if (!endpoints) return url.href
  const endpoint = endpoints.exec(url.pathname)
  if (endpoint) {
    const base = `${url.origin}${url.pathname.slice(0, endpoint.index)}`
    throw refuse(`names "${url.pathname}" of the server; Weir adds such paths: write ${name}=${kind}:${base}`)
  }
  return url.href.replace(/\/+$/, '')
}

/** How the name of a source stands in the names of its environment variables: `BENCH_2` for `bench-2`. */
export function variableOf(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')
}

function cut(text: string): [before: string, after: string] {
  const at = text.indexOf(':')
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** What was typed, without what may be a password, and not at any length. */
function shown(text: string): string {
  const safe = text.replace(/\/\/[^/?#\s]*@/, '//…@').replace(/[?#].*$/s, (rest) => `${rest[0]}…`)
  return safe.length > 120 ? `${safe.slice(0, 119)}…` : safe
}
