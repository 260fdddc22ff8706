import { Worker } from 'node:worker_threads'
import { StoreError } from '../../record/store.ts'
import type { Answer, Question, ThreadRole } from './thread-calls.ts'
// The linter looks into the program itself, where nothing is exported.
// oxlint-disable-next-line import/default
import program from './thread.ts?thread'

type Calls<T> = {
  [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Value ? (...args: Args) => Value : never
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: StoreError): void
}

/** Memory for what lives shortly; a thread of its own would take three times as much, MB. */
const YOUNG_MB = 16

/** Asks a thread of the store. */
export class ThreadLink<T extends Calls<T>> {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #gone: StoreError | null = null

  constructor(role: ThreadRole) {
    this.#worker = new Worker(new URL(program), {
      workerData: role,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    this.#worker.on('message', (answer: Answer) => {
      this.#take(answer)
    })
    this.#worker.on('error', (error: unknown) => {
      this.#end(error instanceof Error ? error.message : String(error))
    })
    this.#worker.on('exit', () => {
      this.#end('it was closed')
    })
  }

  /** Rejects with what the call throws, a StoreError; also when the thread is gone. */
  ask<Name extends keyof T & string>(name: Name, ...args: Parameters<T[Name]>): Promise<ReturnType<T[Name]>> {
    return this.#ask(name, args, []) as Promise<ReturnType<T[Name]>>
  }

  /** The same; what is in `moved` goes over and is of no use here any more. */
  askMoving<Name extends keyof T & string>(
    moved: readonly ArrayBuffer[],
    name: Name,
    ...args: Parameters<T[Name]>
  ): Promise<ReturnType<T[Name]>> {
    return this.#ask(name, args, moved) as Promise<ReturnType<T[Name]>>
  }

  /** Ends the thread, whatever it does. */
  async end(): Promise<void> {
    await this.#worker.terminate()
  }

  #ask(name: string, args: unknown[], moved: readonly ArrayBuffer[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(this.#gone)
        return
      }
      const question: Question = { id: ++this.#asked, name, args }
      this.#waiting.set(question.id, { resolve, reject })
      this.#worker.postMessage(question, moved)
    })
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if ('error' in answer) waiting?.reject(new StoreError(answer.error.kind, answer.error.message))
    else waiting?.resolve(answer.value)
  }

  #end(why: string): void {
    this.#gone ??= new StoreError(
      'failed',
      `The thread that keeps the record has ended: ${why}. Restart Weir.`,
    )
    for (const { reject } of this.#waiting.values()) reject(this.#gone)
    this.#waiting.clear()
  }
}
