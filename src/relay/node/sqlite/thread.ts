import { parentPort, workerData } from 'node:worker_threads'
import { StoreError } from '../../record/store.ts'
import { Reader } from './reader.ts'
import { storeErrorOf } from './sqlite-error.ts'
import type { Answer, Question, ThreadRole } from './thread-calls.ts'
import { WriterThread } from './writer-thread.ts'

/*
 * The program of both threads of the store: questions come and are answered one by one.
 */

const { role, directory } = workerData as ThreadRole
const port = parentPort!
const calls = role === 'writer' ? new WriterThread(directory) : new Reader(directory)

port.on('message', ({ id, name, args }: Question) => {
  port.postMessage(answer(id, name, args))
})

function answer(id: number, name: string, args: unknown[]): Answer {
  try {
    return {
      id,
      value: (calls as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!(...args),
    }
  } catch (error) {
    const { kind, message } = error instanceof StoreError ? error : storeErrorOf(error, directory)
    return { id, error: { kind, message } }
  }
}
