import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** The LabDaemon of the bench in a process of its own: it sends faster than the emulated one. */
export class FastSource {
  readonly #child: ChildProcess = fork(fileURLToPath(new URL('../bench/source.mjs', import.meta.url)))
  url = ''

  /** So many tasks, each of which says lines that are numbered. */
  async listen(tasks: number): Promise<void> {
    const { ready } = await this.#ask<{ ready: number }>({ tasks, lines: 1_000_000 })
    this.url = `http://127.0.0.1:${ready}`
  }

  /** @param rate events a second of all tasks together */
  async send(rate: number): Promise<void> {
    await this.#ask({ rate })
  }

  /** Streams that somebody reads. */
  async open(): Promise<number> {
    return (await this.#ask<{ open: number }>({ stats: true })).open
  }

  /** Of each parameter that was set so far the body of the request. */
  async parameters(): Promise<string[]> {
    return (await this.#ask<{ parameters: string[] }>({ parameters: true })).parameters
  }

  close(): void {
    this.#child.disconnect()
  }

  async #ask<T>(message: object): Promise<T> {
    const answer = once(this.#child, 'message') as Promise<[T]>
    this.#child.send(message)
    return (await answer)[0]
  }
}
