import { createJobs, type JobsEmulator } from '#emulator/jobs/index.ts'
import { ManualClock } from '#lib/clock.ts'
import { inProcess } from '#lib/in-process.ts'
import type { Source } from '#model/source.ts'
import type { Task } from '#model/task.ts'
import { createRelay, type Relay } from '#relay/relay.ts'

/** A relay with one emulated list of jobs, and the clock that drives both. */
export interface TestQueue {
  clock: ManualClock
  jobs: JobsEmulator
  relay: Relay
  /** What the relay asked of the server, in order: `GET /jobs`. */
  requests: string[]
  /** Answers in the server's place where it returns something; the last one set counts. */
  answer(instead: (what: string) => Response | undefined): void
  /** Asks the relay's API; a body makes it a POST. */
  ask(path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  task(id: string): Promise<Task>
  source(): Promise<Source>
  /** Texts of the log's lines. */
  log(id: string): Promise<string[]>
}

/** Starts a relay beside a server without jobs. @param settings what the configuration says of the source */
export async function startQueue(settings: Record<string, unknown> = {}): Promise<TestQueue> {
  const clock = new ManualClock()
  const jobs = createJobs({ clock, preset: 'empty' })
  const requests: string[] = []
  let instead: (what: string) => Response | undefined = () => undefined
  const relay = createRelay({
    version: 'test',
    clock,
    random: () => 0.5,
    sources: [
      {
        name: 'queue',
        kind: 'jobs',
        url: 'http://queue.test/jobs',
        settings,
        secrets: ['geheim'],
        fetch: inProcess((request) => {
          const what = `${request.method} ${new URL(request.url).pathname}`
          requests.push(what)
          return instead(what) ?? jobs.fetch(request)
        }),
      },
    ],
  })
  await relay.start()
  await clock.advance(0)
  const ask: TestQueue['ask'] = async (path, body) => {
    const init =
      body === undefined
        ? {}
        : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    const answer = relay.fetch(new Request(`http://weir.test/api${path}`, init))
    await clock.advance(0)
    const response = await answer
    const text = await response.text()
    return { status: response.status, body: text ? (JSON.parse(text) as unknown) : null }
  }
  return {
    clock,
    jobs,
    relay,
    requests,
    answer: (how) => {
      instead = how
    },
    ask,
    task: async (id) => (await ask(`/tasks/queue/${id}`)).body as Task,
    source: async () => ((await ask('/sources')).body as { sources: Source[] }).sources[0]!,
    log: async (id) => ((await ask(`/tasks/queue/${id}/log`)).body as { texts: string[] }).texts,
  }
}
