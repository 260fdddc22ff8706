import type { Fetch } from '#lib/fetch.ts'
import type { Capabilities } from '#model/capabilities.ts'
import type { SourceAdapter, SourceContext } from './source-adapter.ts'

/** A source as it was configured. */
export interface SourceConfig {
  name: string
  /** A name in the registry of kinds. */
  kind: string
  url: string
  /** How to reach it; an embedded source brings its own. */
  fetch: Fetch
  /** The API key, where the kind has one; it never leaves the relay. */
  key?: string
  embedded?: boolean
  /** How a login is given, for words: the name of a variable, and whether it is set. */
  login?: { variable: string; given: boolean }
  /** Texts that `fetch` adds to let Weir in, and that nobody may be shown. */
  secrets?: readonly string[]
  /** What the configuration says of it beside name, kind and URL. */
  settings?: SourceSettings
}

/** Settings of one source as they were written; its kind reads them. */
export type SourceSettings = Readonly<Record<string, unknown>>

/** What is wrong with settings: where, and what to write, in one line. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** Where a kind of source finds its API key. */
export interface KeyRule {
  /** The variable with the key of the public service; with `_NAME` after it, of one source. */
  variable: string
  /** Hosts of the public service, to which alone the general key goes where there are several sources. */
  official: RegExp
}

/** One kind of source: how it is configured, what it can do, and how it is made. */
export interface SourceKind {
  /** As people call such a system. */
  label: string
  /** Paths of such a server that people copy from a browser: Weir adds them itself. Absent where it adds none. */
  endpoints?: RegExp
  /** Absent where such a source has no key. */
  key?: KeyRule
  /** Throws SettingsError. Absent where such a source has no settings. */
  checkSettings?(url: string, settings: SourceSettings): void
  /** What a source of the kind can do, as it was configured. */
  capabilities(config: SourceConfig): Capabilities
  /** The path within Weir's API that answers the system's own client library; absent where there is none. */
  proxyPath?: string
  create(context: SourceContext, config: SourceConfig): SourceAdapter
}

/** All kinds by the name that configurations give them. */
export type SourceKinds = ReadonlyMap<string, SourceKind>
