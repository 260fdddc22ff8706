import type { Fetch } from '#lib/fetch.ts'
import type { KeyRule } from '../source-kind.ts'
import { SOURCE_KINDS } from '../sources/registry.ts'
import { variableOf, type NamedSource } from './source-argument.ts'
import { UsageError } from './usage-error.ts'

/** What lets Weir in at a source. None of it is ever shown. */
export interface SourceAccess {
  /** The API key, where the kind of source has one. */
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
  const variable = source.headers ?? `WEIR_HEADER_${variableOf(source.name)}`
  const rule = SOURCE_KINDS.get(source.kind)?.key
  const own = rule && keyVariableOf(rule, source)
  const other = all.find((each) => each !== source && variableOf(each.name) === variableOf(source.name))
  // A variable that was named is one source's as much as another's.
  const shared = [source.headers ? undefined : variable, own].find((name) => name !== undefined && env[name])
  if (other && shared)
    throw new UsageError(
      `sources "${source.name}" and "${other.name}" would share ${shared}: rename one of them`,
    )
  const headers = headersIn(variable, env[variable])
  if (own && headers.some(([name]) => name.toLowerCase() === 'authorization'))
    throw new UsageError(`${variable} holds an Authorization; the key of ${source.name} goes into ${own}`)
  const key = rule && keyOf(rule, source, all, env)
  return {
    ...(key ? { key } : {}),
    fetch: headers.length === 0 ? fetch : withHeaders(fetch, new URL(source.url).origin, headers),
    login: { variable, given: headers.length > 0 },
    secrets: headers.flatMap(([, value]) => secretsIn(value)).filter((text) => text.length >= SECRET),
  }
}

/** Variables that would let Weir in at sources that it does not have: a name was mistyped, most often. */
export function strayVariables(all: readonly NamedSource[], env: NodeJS.ProcessEnv): string[] {
  const known = new Set(all.map(({ name, headers }) => headers ?? `WEIR_HEADER_${variableOf(name)}`))
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

/** The variable with the key of one source: `INFERENCE_API_KEY_NAME`. */
function keyVariableOf({ variable }: KeyRule, { name }: NamedSource): string {
  return `${variable}_${variableOf(name)}`
}

/**
 * The key of a source: its own, or the general one, which goes to the public service itself and, where there is only
 * one source of the kind, to that.
 */
function keyOf(
  rule: KeyRule,
  source: NamedSource,
  all: readonly NamedSource[],
  env: NodeJS.ProcessEnv,
): string | undefined {
  const own = env[keyVariableOf(rule, source)]
  const { protocol, hostname } = new URL(source.url)
  const official = protocol === 'https:' && rule.official.test(hostname)
  const sole = all.filter(({ kind }) => kind === source.kind).length === 1
  return own || (official || sole ? env[rule.variable] : undefined)
}
