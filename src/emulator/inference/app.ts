import type { Random } from '#lib/random.ts'
import type { CloudFile } from './cloud-file.ts'
import { idOf, shortId } from './ids.ts'
import type { JsonObject, LogType, Requirement } from './wire.ts'
import type { Value } from './value.ts'

/** Who owns everything in this workspace. */
export const OWNER = {
  user_id: '6f669wy1mgxhscwx0xz5ergxz5',
  user: null,
  team_id: '7jefzf3ey006yj8s7xmq02jrhb',
  team: null,
} as const

/** What an app does while it runs. Each yield waits that many milliseconds. */
export type Work = Generator<number, Value>

export interface FileOptions {
  readonly filename: string
  readonly contentType?: string
  /** The same key is the same file, so that a picture that is shown again keeps its URL. */
  readonly key?: string
  readonly size?: number
  readonly missing?: boolean
}

/** What an app has of its run. */
export interface Job {
  /** With the schema's defaults. */
  readonly input: JsonObject
  readonly setup: JsonObject
  readonly fn: string
  /** The same for the same input. */
  readonly random: Random
  readonly taskId: string
  /** In a session: how many runs came before. */
  readonly calls: number
  now(): number
  /** Text for the log, with its own line ends. */
  log(text: string, type?: LogType): void
  /** Replaces the output (inference.sh wire contract §9). */
  output(value: Value): void
  /** A piece of LLM output (§6, deltas). */
  delta(delta: JsonObject): void
  file(render: () => Uint8Array<ArrayBuffer>, options: FileOptions): CloudFile
}

interface AppFunction {
  readonly description: string
  readonly input: unknown
  readonly output: unknown
}

/** What the author of an app writes. */
export interface AppSource {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly category: string
  /** Fixed by the recordings; otherwise made from the name. */
  readonly id?: string
  readonly versionId?: string
  readonly updatedAt?: string
  readonly input: unknown
  readonly output: unknown
  readonly setup?: unknown
  /** More functions than the default one; undefined: the version does not list functions at all. */
  readonly functions?: Readonly<Record<string, AppFunction>>
  /** Container size as people say it; undefined: nothing to start. */
  readonly container?: string
  /** Lines of the setup log. */
  readonly warmUp?: readonly string[]
  /** Lines of a build that the first run waits for. */
  readonly build?: readonly string[]
  readonly usesGpu?: boolean
  readonly requirements?: readonly Requirement[]
  readonly work: (job: Job) => Work
}

export interface App extends AppSource {
  readonly id: string
  readonly versionId: string
  readonly updatedAt: string
}

/** A failure as an app's author meant it: the traceback goes to the log, the text to the task. */
export class AppFailure extends Error {
  readonly traceback: string

  constructor(error: string, traceback = '') {
    super(error)
    this.traceback = traceback
  }
}

/** Thrown into an app whose run somebody cancels. */
export class CancelRequest extends Error {
  constructor() {
    super('asked to stop')
  }
}

export function publish(source: AppSource): App {
  return {
    ...source,
    id: source.id ?? idOf(`app ${source.name}`),
    versionId: source.versionId ?? idOf(`version ${source.name}`),
    updatedAt: source.updatedAt ?? '2026-09-21T11:05:40.75Z',
  }
}

/** AppDTO; the version is null in lists and inside tasks (§4). */
export function appJson(app: App, withVersion: boolean): JsonObject {
  return {
    id: app.id,
    short_id: shortId(app.id),
    created_at: '2026-06-11T08:00:00.5Z',
    updated_at: app.updatedAt,
    deleted_at: null,
    ...OWNER,
    visibility: 'public',
    namespace: 'weirdemo',
    name: app.name,
    title: app.title,
    description: app.description,
    agent_description: app.description,
    category: app.category,
    images: { card: '', thumbnail: '', banner: '' },
    version_id: app.versionId,
    version: withVersion ? versionJson(app) : null,
    status: 'active',
  }
}

/** AppVersionDTO (§4). */
export function versionJson(app: App): JsonObject {
  const { requirements = [] } = app
  return {
    id: app.versionId,
    short_id: shortId(app.versionId),
    created_at: app.updatedAt,
    updated_at: app.updatedAt,
    deleted_at: null,
    metadata: { tags: ['demo'] },
    repository: '',
    flow_version_id: null,
    flow_version: null,
    setup_schema: (app.setup ?? null) as JsonObject | null,
    input_schema: app.input as JsonObject | null,
    output_schema: app.output as JsonObject | null,
    ...(app.functions
      ? {
          functions: Object.fromEntries(
            Object.entries(app.functions).map(([name, { description, input, output }]) => [
              name,
              {
                name,
                description,
                input_schema: input as JsonObject,
                output_schema: output as JsonObject,
                kind: 'run',
              },
            ]),
          ),
        }
      : {}),
    default_function: 'run',
    variants: null,
    env: null,
    kernel: 'python-3.12',
    required_secrets: requirements
      .filter(({ type }) => type === 'secret')
      .map(({ key, message }) => ({ key, description: message, optional: false })),
    required_integrations: requirements
      .filter(({ type }) => type === 'integration')
      .map(({ key, message }) => ({ key, description: message, optional: false })),
    resources: { gpu: { count: app.usesGpu ? 1 : 0, vram: 24_000_000_000, type: 'any' }, ram: 8_000_000_000 },
  }
}
