import type { Clock } from '#lib/clock.ts'
import type { Task } from '#model/task.ts'
import type { TaskMeta } from '#protocols/inference/changes.ts'
import type { InferenceClient } from '#protocols/inference/client.ts'
import { InferenceError } from '#protocols/inference/envelope.ts'
import { functionsOf, type AppBody } from '#protocols/inference/schemas.ts'
import type { TaskSchemas } from '#protocols/weir/api.ts'

export const NO_SCHEMAS: TaskSchemas = { input: null, output: null }
/** Versions of apps whose schemas are kept. */
const KEPT_VERSIONS = 100
/** An app may be deployed anew: its schemas are read again after this, ms. */
const APP_KEPT_MS = 60_000

/** The apps that a key can run, with their schemas. Failures are InferenceErrors, and none is kept. */
export class Apps {
  readonly #client: InferenceClient
  readonly #clock: Clock
  readonly #apps = new Map<string, { app: AppBody; at: number }>()
  readonly #versions = new Map<string, Promise<AppBody>>()

  constructor(client: InferenceClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
  }

  /** Apps whose name or words match; all of the workspace without a term. */
  async find(term: string): Promise<AppBody[]> {
    const page = term ? await this.#client.searchApps(term) : await this.#client.apps({ limit: 100 })
    return page.items
  }

  /** An app in its newest version. */
  async app(ref: string): Promise<AppBody> {
    const now = this.#clock.monotonic()
    const kept = this.#apps.get(ref)
    if (kept && now - kept.at < APP_KEPT_MS) return kept.app
    const app = await this.#client.app(ref)
    this.#apps.set(ref, { app, at: now })
    return app
  }

  /** What the app of a task takes and makes, in the version and of the function that ran. */
  async schemasOf({ type, detail }: Task): Promise<TaskSchemas> {
    if (type === null) return NO_SCHEMAS
    const { appId, appVersionId, function: name } = detail.meta as Partial<TaskMeta>
    try {
      const app =
        appId && appVersionId ? await this.#version(appId, appVersionId, type) : await this.app(type)
      const functions = functionsOf(app)
      const own = functions.find((each) => each.name === name) ?? functions[0]
      return { input: own?.inputSchema ?? null, output: own?.outputSchema ?? null }
    } catch (error) {
      // An app that is gone, or another workspace's, has none to show.
      if (error instanceof InferenceError && (isGone(error) || error.status === 403)) return NO_SCHEMAS
      throw error
    }
  }

  /** A version never changes: it is read once. The newest stands in for one that is gone, for this time only. */
  async #version(appId: string, versionId: string, ref: string): Promise<AppBody> {
    let version = this.#versions.get(versionId)
    if (!version) {
      version = this.#client.appVersion(appId, versionId)
      this.#versions.set(versionId, version)
      if (this.#versions.size > KEPT_VERSIONS) this.#versions.delete(this.#versions.keys().next().value!)
      version.catch(() => this.#versions.delete(versionId))
    }
    try {
      return await version
    } catch (error) {
      if (error instanceof InferenceError && isGone(error)) return this.app(ref)
      throw error
    }
  }
}

function isGone({ status }: InferenceError): boolean {
  return status === 404 || status === 410
}
