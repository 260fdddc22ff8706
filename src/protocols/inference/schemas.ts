import * as z from 'zod/mini'
import { isNumber, type ExactNumber } from '#lib/exact-json.ts'

/*
 * Bodies of the REST API (inference.sh wire contract §3 to §5, §13), without their envelope. They ask only for what
 * makes a body one of its kind; a field that is absent, null or of another type than expected is null.
 */

function field<T extends z.ZodMiniType>(type: T) {
  return z.pipe(
    z.catch(z.optional(z.nullable(type)), null),
    z.transform((value) => value ?? null),
  )
}

/** A list without the entries that are not of its type. */
function listOf<T extends z.ZodMiniType>(type: T) {
  return z.pipe(
    z.catch(z.nullish(z.array(z.unknown())), null),
    z.transform((list): z.output<T>[] =>
      (list ?? []).flatMap((entry) => {
        const result = type.safeParse(entry)
        return result.success ? [result.data] : []
      }),
    ),
  )
}

const text = z.string()
/** However it is written: 5, 5.0. */
const number = z.pipe(
  z.custom<number | ExactNumber>(isNumber),
  z.transform((value) => Number(value)),
)
const record = z.record(z.string(), z.unknown())

/** A page of any list; its rows are validated apart, so that a broken one does not cost the page. */
export const page = z.object({
  items: listOf(z.unknown()),
  next_cursor: field(text),
  prev_cursor: field(text),
  has_next: field(z.boolean()),
  has_previous: field(z.boolean()),
  total_items: field(number),
})

/** Ids are texts; what is a number in JSON reads the same in an address. */
const idText = z.pipe(z.union([text, number, z.boolean()]), z.transform(String))

/** A task in full is read by TaskReader, which knows the dialects; this is what names it. */
export const taskBody = z.looseObject({ id: idText })
export type TaskBody = z.infer<typeof taskBody>

/** A run's answer: not a full task. */
export const runBody = z.object({
  id: text,
  status: z.unknown(),
  status_text: field(text),
  output: z.unknown(),
  error: field(text),
  session_id: field(text),
  created_at: field(text),
  updated_at: field(text),
  run_at: field(text),
})
export type RunBody = z.infer<typeof runBody>

export const taskStatusBody = z.object({ id: text, status: z.unknown(), updated_at: field(text) })
export type TaskStatusBody = z.infer<typeof taskStatusBody>

/** `logs` in any dialect: TaskReader reads them. */
export const taskLogsBody = z.looseObject({ logs: z.unknown() })
export type TaskLogsBody = z.infer<typeof taskLogsBody>

export const taskTimingsBody = z.object({
  task_id: field(text),
  total_duration_ms: field(number),
  groups: listOf(z.object({ label: text, start_at: text, end_at: field(text), duration_ms: field(number) })),
  events: listOf(
    z.object({
      /** A name, never a number. */
      status: text,
      timestamp: text,
      duration_ms: field(number),
      next_status: field(text),
    }),
  ),
})
export type TaskTimingsBody = z.infer<typeof taskTimingsBody>

/** Free-form objects. */
export const telemetryBody = listOf(record)
export type TelemetryBody = z.infer<typeof telemetryBody>

const appFunction = z.object({
  name: field(text),
  description: field(text),
  input_schema: field(record),
  output_schema: field(record),
  setup_schema: field(record),
  /** `run`, or `stream` for live sockets. */
  kind: field(text),
})

const appVersion = z.object({
  id: field(text),
  short_id: field(text),
  input_schema: field(record),
  output_schema: field(record),
  setup_schema: field(record),
  functions: field(z.record(z.string(), z.catch(appFunction, emptyFunction()))),
  default_function: field(text),
  required_secrets: listOf(record),
  required_integrations: listOf(record),
  resources: field(record),
})

/** An app; `version` is null in lists and inside tasks. */
export const appBody = z.object({
  id: text,
  namespace: field(text),
  name: text,
  title: field(text),
  description: field(text),
  category: field(text),
  images: field(record),
  version_id: field(text),
  version: field(appVersion),
  status: field(text),
  updated_at: field(text),
})
export type AppBody = z.infer<typeof appBody>

function emptyFunction() {
  return {
    name: null,
    description: null,
    input_schema: null,
    output_schema: null,
    setup_schema: null,
    kind: null,
  }
}

/** One thing an app can do, with its schemas. */
export interface AppFunction {
  name: string
  description: string | null
  inputSchema: Readonly<Record<string, unknown>> | null
  outputSchema: Readonly<Record<string, unknown>> | null
  setupSchema: Readonly<Record<string, unknown>> | null
  kind: string
}

/** What an app can do, the default first (§4). An app without a schema still has one function. */
export function functionsOf(app: Pick<AppBody, 'version' | 'description'>): AppFunction[] {
  const { version } = app
  const usual = version?.default_function ?? 'run'
  const named = Object.entries(version?.functions ?? {}).map(([name, body]): AppFunction => {
    const own = name === usual ? version : null
    return {
      name,
      description: body.description,
      inputSchema: body.input_schema ?? own?.input_schema ?? null,
      outputSchema: body.output_schema ?? own?.output_schema ?? null,
      setupSchema: body.setup_schema ?? version?.setup_schema ?? null,
      kind: body.kind ?? 'run',
    }
  })
  const main = named.find(({ name }) => name === usual) ?? {
    name: usual,
    description: app.description,
    inputSchema: version?.input_schema ?? null,
    outputSchema: version?.output_schema ?? null,
    setupSchema: version?.setup_schema ?? null,
    kind: 'run',
  }
  return [main, ...named.filter((each) => each !== main)]
}

/** `namespace/name`, as a run names it. */
export function appRef(app: Pick<AppBody, 'id' | 'namespace' | 'name'>): string {
  return app.namespace === null ? app.name : `${app.namespace}/${app.name}`
}

export const sessionBody = z.object({
  id: text,
  /** `active`, `ended` or `expired`. */
  status: field(text),
  expires_at: field(text),
  ended_at: field(text),
  call_count: field(number),
  idle_timeout: field(number),
  worker_id: field(text),
  app_id: field(text),
  last_call_at: field(text),
})
export type SessionBody = z.infer<typeof sessionBody>
export const sessionsBody = listOf(sessionBody)

/** A flow run; FlowRunReader reads its status and nodes. */
export const flowRunBody = z.looseObject({ id: text })
export type FlowRunBody = z.infer<typeof flowRunBody>

/** A file that was announced; its bytes go to `upload_url`. */
const fileBody = z.object({
  id: field(text),
  uri: field(text),
  upload_url: field(text),
  filename: field(text),
  content_type: field(text),
  size: field(number),
})
export type FileBody = z.infer<typeof fileBody>
export const filesBody = listOf(fileBody)
