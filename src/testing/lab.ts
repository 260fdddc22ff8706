import { createLabDaemon, type LabDaemonEmulator, type LabDaemonOptions } from '#emulator/labdaemon/index.ts'
import { ManualClock } from '#lib/clock.ts'
import type { Source } from '#model/source.ts'
import type { Task } from '#model/task.ts'
import { inProcess } from '#lib/in-process.ts'
import type { MemoryStore } from './memory-store.ts'
import { createRelay, type Relay } from '#relay/relay.ts'

/** A relay with one emulated lab, and the clock that drives both. */
export interface TestLab {
  clock: ManualClock
  lab: LabDaemonEmulator
  readonly relay: Relay
  /** Kills Weir where it stands, and starts it anew on what it kept, after a while. */
  restart(awayMs: number): Promise<void>
  /** Asks the relay's API; a body makes it a POST. */
  ask(path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  start(id: string, type: string, params?: Record<string, unknown>, copies?: number): Promise<number>
  task(id: string): Promise<Task>
  source(): Promise<Source>
  /** Texts of the log's lines. */
  log(id: string): Promise<string[]>
  /** What the relay wrote into the log of its process: `warn source lab: …`. */
  said: string[]
}

/** Starts a lab in strict mode, where every breach of a guest's manners is recorded. */
export async function startLab(
  options: LabDaemonOptions = {},
  store: MemoryStore | null = null,
): Promise<TestLab> {
  const clock = new ManualClock()
  const lab = createLabDaemon({ clock, strict: true, preset: 'bench', ...options })
  const said: string[] = []
  const begin = () =>
    createRelay({
      version: 'test',
      store,
      clock,
      log: { write: (level, about, text) => said.push(`${level} ${about}: ${text}`) },
      random: () => 0.5,
      sources: [
        {
          name: 'lab',
          kind: 'labdaemon',
          url: 'http://lab.test',
          fetch: inProcess((request) => lab.fetch(request)),
        },
      ],
    })
  let relay = begin()
  void relay.start()
  await clock.advance(0)
  const ask: TestLab['ask'] = async (path, body) => {
    const answer = relay.fetch(
      new Request(
        `http://weir.test/api${path}`,
        body === undefined
          ? {}
          : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
      ),
    )
    await clock.advance(0)
    const response = await answer
    const text = await response.text()
    return { status: response.status, body: text ? (JSON.parse(text) as unknown) : null }
  }
  return {
    clock,
    lab,
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
    said,
    ask,
    start: async (id, type, params = {}, copies = 1) =>
      (await ask('/tasks/lab', { id, type, params, copies })).status,
    task: async (id) => (await ask(`/tasks/lab/${id}`)).body as Task,
    source: async () => ((await ask('/sources')).body as { sources: Source[] }).sources[0]!,
    log: async (id) => ((await ask(`/tasks/lab/${id}/log`)).body as { texts: string[] }).texts,
  }
}
