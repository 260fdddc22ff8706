import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LIMIT_MS, MarkdownReader, type MarkdownAnswer, type MarkdownWorker } from './markdown-reader.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

class FakeWorker implements MarkdownWorker {
  onmessage: ((event: { data: MarkdownAnswer }) => void) | null = null
  onerror: ((event: unknown) => void) | null = null
  readonly got: string[] = []
  ended = false

  postMessage(text: string): void {
    this.got.push(text)
  }

  terminate(): void {
    this.ended = true
  }

  say(data: MarkdownAnswer): void {
    this.onmessage?.({ data })
  }
}

function begin() {
  const workers: FakeWorker[] = []
  const reader = new MarkdownReader(() => {
    const worker = new FakeWorker()
    workers.push(worker)
    return worker
  })
  return { workers, reader }
}

test('one text after another, by one worker; how long it takes to come does not count', () => {
  const { workers, reader } = begin()
  const [a, b] = [vi.fn(), vi.fn()]
  reader.read('a', a)
  reader.read('b', b)
  vi.advanceTimersByTime(LIMIT_MS * 10)
  workers[0]!.say({ kind: 'ready' })
  expect(workers[0]!.got).toEqual(['a'])
  workers[0]!.say({ kind: 'tree', tree: ['A'] })
  expect(workers[0]!.got).toEqual(['a', 'b'])
  workers[0]!.say({ kind: 'tree', tree: ['B'] })
  expect(a).toHaveBeenCalledExactlyOnceWith(['A'])
  expect(b).toHaveBeenCalledExactlyOnceWith(['B'])
  expect(workers).toHaveLength(1)
})

test('a text that takes too long is given up with its worker, the next one is read by another', () => {
  const { workers, reader } = begin()
  const [hostile, good] = [vi.fn(), vi.fn()]
  reader.read('hostile', hostile)
  reader.read('good', good)
  workers[0]!.say({ kind: 'ready' })
  vi.advanceTimersByTime(LIMIT_MS)
  expect(hostile).toHaveBeenCalledExactlyOnceWith(null)
  expect(workers[0]!.ended).toBe(true)
  workers[0]!.say({ kind: 'tree', tree: ['late'] })
  workers[1]!.say({ kind: 'ready' })
  workers[1]!.say({ kind: 'tree', tree: ['good'] })
  expect(good).toHaveBeenCalledExactlyOnceWith(['good'])
})

test('what is not wanted any more is not read, and nobody is told', () => {
  const { workers, reader } = begin()
  const [a, b] = [vi.fn(), vi.fn()]
  const stop = reader.read('a', a)
  reader.read('b', b)()
  workers[0]!.say({ kind: 'ready' })
  stop()
  workers[0]!.say({ kind: 'tree', tree: ['A'] })
  expect(workers[0]!.got).toEqual(['a'])
  expect(a).not.toHaveBeenCalled()
  expect(b).not.toHaveBeenCalled()
})

test('a worker that does not come, or fails, leaves texts as they are', () => {
  const { workers, reader } = begin()
  const [a, b] = [vi.fn(), vi.fn()]
  reader.read('a', a)
  workers[0]!.onerror?.({})
  expect(a).toHaveBeenCalledExactlyOnceWith(null)
  reader.read('b', b)
  workers[1]!.say({ kind: 'ready' })
  workers[1]!.onerror?.({})
  expect(b).toHaveBeenCalledExactlyOnceWith(null)
  const none = vi.fn()
  new MarkdownReader(() => {
    throw new Error('no workers here')
  }).read('a', none)
  expect(none).toHaveBeenCalledExactlyOnceWith(null)
})
