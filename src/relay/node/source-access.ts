import type { Fetch } from '#lib/fetch.ts'
import { variableOf, type NamedSource } from './source-argument.ts'
import { UsageError } from './usage-error.ts'

/** What lets Weir in at a source. None of it is ever shown. */
export interface SourceAccess {
  /** The API key of an inference.sh source. */
  key?: string
  /** Adds what the source's environment variable holds to requests to it, and to nobody else. */
  fetch: Fetch
  /** How a login is given, for words: the name of the variable, and whether it is set. */
  login: { variable: string; given: boolean }
  /** Texts that must not be repeated, should the source do so. */
  secrets: readonly string[]
}

/** Shorter texts say nothing, and would be found everywhere. */
const SECRET = 4
/** Headers that carry a request rather than let somebody in: they are not for people to set. */
const OWN = /^(?:accept|connection|content-.*|expect|host|keep-alive|te|trailer|transfer-encoding|upgrade)$/i

/** Reads from the environment what lets Weir in at a source. Throws UsageError. */
export function accessOf(
  source: NamedSource,
  all: readonly NamedSource[],
  env: NodeJS.ProcessEnv,
  fetch: Fetch,
): SourceAccess {
  const variable = `WEIR_HEADER_${variableOf(source.name)}`
  const own = `INFERENCE_API_KEY_${variableOf(source.name)}`
  const other = all.find((each) => each !== source && variableOf(each.name) === variableOf(source.name))
  if (other && (env[variable] || env[own]))
    throw new UsageError(
      `sources "${source.name}" and "${other.name}" would share ${env[variable] ? variable : own}: rename one of them`,
    )
  const headers = headersIn(variable, env[variable])
  if (source.kind === 'inference' && headers.some(([name]) => name.toLowerCase() === 'authorization'))
    throw new UsageError(`${variable} holds an Authorization; the key of ${source.name} goes into ${own}`)
  const key = keyOf(source, all, env)
  return {
    ...(key ? { key } : {}),
    fetch: headers.length === 0 ? fetch : withHeaders(fetch, new URL(source.url).origin, headers),
    login: { variable, given: headers.length > 0 },
    secrets: headers.flatMap(([, value]) => secretsIn(value)).filter((text) => text.length >= SECRET),
  }
}

/** Variables that would let Weir in at sources that it does not have: a name was mistyped, most often. */
export function strayVariables(all: readonly NamedSource[], env: NodeJS.ProcessEnv): string[] {
  const known = new Set(all.map(({ name }) => `WEIR_HEADER_${variableOf(name)}`))
  return Object.keys(env).filter((name) => name.startsWith('WEIR_HEADER_') && !known.has(name))
}

/** `Name: value`, one a line. What is wrong is said without the value. */
function headersIn(variable: string, text: string | undefined): [name: string, value: string][] {
  return (text ?? '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line): [string, string] => {
      const colon = line.indexOf(':')
      const name = line.slice(0, Math.max(0, colon)).trim()
      const value = line.slice(colon + 1).trim()
      if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || value === '' || /[^\t\x20-\x7e\x80-\xff]/.test(value))
        throw new UsageError(`${variable} is not a header, as in "Authorization: Bearer …"`)
      if (OWN.test(name)) throw new UsageError(`${variable} sets "${name}", which is Weir's own to set`)
      return [name, value]
    })
}

function withHeaders(fetch: Fetch, origin: string, added: readonly [string, string][]): Fetch {
  return (url, init) => {
    if (new URL(url).origin !== origin) return fetch(url, init)
    const headers = new Headers(init.headers)
    for (const [name, value] of added) if (!headers.has(name)) headers.set(name, value)
    return fetch(url, { ...init, headers })
  }
}

/** The value, what stands behind its scheme, and the password of a basic login. */
function secretsIn(value: string): string[] {
  const bare = /^\S+\s+(\S+)$/.exec(value)?.[1]
  if (bare === undefined) return [value]
  const basic = /^basic\s/i.test(value) ? Buffer.from(bare, 'base64').toString() : ''
  const password = basic.slice(basic.indexOf(':') + 1)
  return [value, bare, password]
}

/**
 * The key of an inference.sh source: its own (INFERENCE_API_KEY_NAME), or the general one, which goes to
 * inference.sh itself and, where there is only one such source, to that.
 */
function keyOf(source: NamedSource, all: readonly NamedSource[], env: NodeJS.ProcessEnv): string | undefined {
  if (source.kind !== 'inference') return undefined
  const own = env[`INFERENCE_API_KEY_${variableOf(source.name)}`]
  const { protocol, hostname } = new URL(source.url)
  const official = protocol === 'https:' && /(^|\.)inference\.sh$/.test(hostname)
  const sole = all.filter(({ kind }) => kind === 'inference').length === 1
  return own || (official || sole ? env['INFERENCE_API_KEY'] : undefined)
}
