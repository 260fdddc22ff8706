import {
  createInferenceCloud,
  type InferenceCloud,
  type InferenceCloudOptions,
} from '#emulator/inference/index.ts'
import { ManualClock } from '#lib/clock.ts'
import { inProcess } from '#lib/in-process.ts'
import type { Source } from '#model/source.ts'
import type { Task, TaskSummary } from '#model/task.ts'
import type { StartAnswer } from '#protocols/weir/api.ts'
import type { MemoryStore } from './memory-store.ts'
import { createRelay, type Relay } from '#relay/relay.ts'

type Answer = Response | undefined

/** A relay with one emulated inference.sh, and the clock that drives both. Asking moves no time. */
export interface TestCloud {
  clock: ManualClock
  cloud: InferenceCloud
  readonly relay: Relay
  /** Kills Weir where it stands, and starts it anew on what it kept, after a while. */
  restart(awayMs: number): Promise<void>
  /** What the relay asked of the service, in order: `POST /tasks/list`. */
  requests: { at: number; what: string; body: string }[]
  /** Answers in the service's place where it returns something; the last one set counts. */
  answer(instead: (what: string, request: Request) => Answer | Promise<Answer>): void
  /** Asks the relay's API; a body makes it a POST. */
  ask(path: string, body?: unknown, method?: string): Promise<{ status: number; body: unknown }>
  /** Starts a run through Weir; its id. */
  run(app: string, params?: object): Promise<string>
  /** Starts a run past Weir; its id. */
  runElsewhere(app: string, params?: object): Promise<string>
  task(id: string): Promise<Task>
  tasks(): Promise<TaskSummary[]>
  source(): Promise<Source>
  /** Texts of the log's lines. */
  log(id: string): Promise<string[]>
  stop(): Promise<void>
}

/** Starts a relay beside an empty workspace. */
export async function startCloud(
  options: InferenceCloudOptions = {},
  store: MemoryStore | null = null,
): Promise<TestCloud> {
  const clock = new ManualClock()
  const cloud = createInferenceCloud({
    clock,
    preset: 'empty',
    publicUrl: 'https://cloud.inference.sh',
    ...options,
  })
  const requests: TestCloud['requests'] = []
  let instead: Parameters<TestCloud['answer']>[0] = () => undefined
  const begin = () =>
    createRelay({
      version: 'test',
      store,
      clock,
      random: () => 0.5,
      sources: [
        {
          name: 'cloud',
          kind: 'inference',
          url: 'http://cloud.test',
          key: 'inf_test',
          fetch: inProcess(async (request) => {
            const what = `${request.method} ${new URL(request.url).pathname}`
            const body = request.body === null ? '' : await request.clone().text()
            requests.push({ at: clock.monotonic(), what, body })
            return (await instead(what, request)) ?? cloud.fetch(request)
          }),
        },
      ],
    })
  let relay = begin()
  void relay.start()
  await clock.advance(0)
  const ask: TestCloud['ask'] = async (path, body, method = body === undefined ? 'GET' : 'POST') => {
    const answer = relay.fetch(
      new Request(`http://weir.test/api${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    )
    await clock.advance(0)
    const response = await answer
    const text = await response.text()
    return { status: response.status, body: text ? (JSON.parse(text) as unknown) : null }
  }
  return {
    clock,
    cloud,
    get relay() {
      return relay
    },
    async restart(awayMs) {
      store!.isDead = true
      // It writes nothing more, and waits for that for ever.
      void relay.stop()
      await clock.advance(awayMs)
      relay = begin()
      void relay.start()
      await clock.advance(0)
    },
    requests,
    ask,
    answer: (how) => {
      instead = how
    },
    run: async (type, params = {}) =>
      ((await ask('/tasks/cloud', { type, params })).body as StartAnswer).started[0]!.id,
    runElsewhere: async (app, input = {}) => {
      const response = await cloud.fetch(
        new Request('http://cloud.test/apps/run', {
          method: 'POST',
          headers: { authorization: 'Bearer inf_other', 'content-type': 'application/json' },
          body: JSON.stringify({ app, input }),
        }),
      )
      return ((await response.json()) as { data: { id: string } }).data.id
    },
    task: async (id) => (await ask(`/tasks/cloud/${id}`)).body as Task,
    tasks: async () => ((await ask('/tasks')).body as { tasks: TaskSummary[] }).tasks,
    source: async () => ((await ask('/sources')).body as { sources: Source[] }).sources[0]!,
    log: async (id) => ((await ask(`/tasks/cloud/${id}/log`)).body as { texts: string[] }).texts,
    stop: async () => {
      await relay.stop()
      cloud.stop()
    },
  }
}

/** A refusal as the service words it (RFC 9457). */
export function refusalOf(status: number, headers: Record<string, string> = {}): Response {
  const body = { type: `https://api.inference.sh/errors/e${status}`, title: `refused ${status}`, status }
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json', ...headers } })
}
