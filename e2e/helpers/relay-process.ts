import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Task, TaskSummary } from '#model/task.ts'

/** The build under test; `WEIR_DIST` names another one than the checkout's. */
export const DIST = process.env.WEIR_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url))

/** What is no plain line of the log: Weir's own faults, and whatever else stands there. */
export function complaintsIn(stderr: string): string {
  return stderr.replaceAll(/^\d{4}-\S+Z (?:info |warn ) \S.*\n/gm, '')
}

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Runs `weir` in a folder without a config file, with none of this shell's settings.
 * @param options `program`: an installed one, instead of the build under test
 */
export function spawnServer(
  args: readonly string[],
  options: { program?: string; cwd?: string; env?: Record<string, string> } = {},
): { child: ChildProcess; ended: Promise<Ended>; said: () => Ended } {
  const { program, cwd = tmpdir(), env = {} } = options
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WEIR_')))
  const [command, first] = program ? [program, []] : [process.execPath, [`${DIST}/server/relay.js`]]
  const child = spawn(command, [...first, ...args], {
    cwd,
    // Its record is in memory, unless a test says otherwise.
    env: { ...own, WEIR_DATA: 'none', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said: Ended = { code: null, stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()))
  const ended = once(child, 'close').then(([code]) => ({ ...said, code: code as number | null }))
  return { child, ended, said: () => said }
}

/** A relay as `npm start` runs it: `node dist/server/relay.js` with flags. */
export class RelayProcess {
  readonly #args: readonly string[]
  readonly #env: Record<string, string>
  #running: ReturnType<typeof spawnServer> | undefined
  #stderr = ''
  /** As printed, with the token if there is one. */
  url = ''

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.#args = args
    this.#env = env
  }

  /** Resolves once it has printed its URL. On a later start it takes the same port. */
  async start(): Promise<void> {
    const port = this.url ? new URL(this.url).port : '0'
    const running = spawnServer(['--port', port, ...this.#args], { env: this.#env })
    this.#running = running
    this.url = await new Promise<string>((resolve, reject) => {
      running.child.stdout!.on('data', () => {
        const url = /https?:\/\/\S+/.exec(running.said().stdout)?.[0]
        if (url) resolve(url)
      })
      void running.ended.then((ended) => reject(new Error(`The relay ended: ${JSON.stringify(ended)}`)))
    })
  }

  /** SIGTERM as a rule; resolves when the process has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended | null> {
    const running = this.#running
    this.#running = undefined
    if (!running) return null
    running.child.kill(signal)
    const ended = await running.ended
    this.#stderr += ended.stderr
    return ended
  }

  /** SIGSTOP: it stands still with all its connections open, as a machine that is starved; SIGCONT: it goes on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running?.child.kill(signal)
  }

  /** What it wrote into its log. */
  get log(): string {
    return this.#stderr + (this.#running?.said().stderr ?? '')
  }

  at(path: string): string {
    return new URL(path, this.url).href
  }

  /** What the API says; a body makes it a POST. */
  async api<T>(path: string, body?: unknown): Promise<T> {
    const response = await fetch(this.at(`/api${path}`), body === undefined ? {} : jsonPost(body))
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  async tasks(): Promise<TaskSummary[]> {
    return (await this.api<{ tasks: TaskSummary[] }>('/tasks')).tasks
  }

  task(id: string, source = 'lab'): Promise<Task> {
    return this.api(`/tasks/${source}/${encodeURIComponent(id)}`)
  }
}

function jsonPost(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
}
