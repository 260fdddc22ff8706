import { expect, test, vi } from 'vitest'
import { StreamQueue, type QueueClass, type Turn } from './stream-queue.ts'

/** A queue whose jobs end when told, and the names of those that began. */
function scene() {
  const queue = new StreamQueue()
  const begun: string[] = []
  const ends = new Map<string, (error?: Error) => void>()
  const add = (turn: QueueClass | (() => Turn), name: string, signal?: AbortSignal) =>
    queue.add(
      { turn: typeof turn === 'string' ? () => ({ class: turn }) : turn },
      () =>
        new Promise<string>((resolve, reject) => {
          begun.push(name)
          ends.set(name, (error) => {
            if (error) reject(error)
            else resolve(name)
          })
        }),
      signal,
    )
  return { queue, begun, add, end: (name: string, error?: Error) => ends.get(name)!(error) }
}

test('one job at a time; opens before closes, tasks before devices', async () => {
  const { begun, add, end } = scene()
  const jobs = {
    first: add('close', 'first'),
    close: add('close', 'close'),
    device: add('open-device', 'device'),
    task: add('open-task', 'task'),
  }
  for (const name of ['first', 'task', 'device', 'close'] as const) {
    await vi.waitFor(() => {
      expect(begun.at(-1)).toBe(name)
    })
    end(name)
    await jobs[name]
  }
  expect(begun).toEqual(['first', 'task', 'device', 'close'])
})

test('what was just started comes next, then what is watched by the time its turn comes', async () => {
  const { begun, add, end } = scene()
  let watched = ''
  const task = (name: string) => () => ({ class: watched === name ? 'open-watched' : 'open-task' }) as const
  const order = ['first', 'new 2', 'new 1a', 'new 1b', 'task 2', 'task 1', 'device']
  const jobs = new Map<string, Promise<string>>([
    ['first', add('close', 'first')],
    ['device', add('open-device', 'device')],
    ['task 1', add(task('task 1'), 'task 1')],
    ['task 2', add(task('task 2'), 'task 2')],
    ['new 1a', add(() => ({ class: 'open-new', since: 1_000 }), 'new 1a')],
    ['new 1b', add(() => ({ class: 'open-new', since: 1_000 }), 'new 1b')],
    ['new 2', add(() => ({ class: 'open-new', since: 2_000 }), 'new 2')],
  ])
  watched = 'task 2'
  for (const name of order) {
    await vi.waitFor(() => {
      expect(begun.at(-1)).toBe(name)
    })
    end(name)
    await jobs.get(name)
  }
  expect(begun).toEqual(order)
})

test('a job that fails fails alone', async () => {
  const { begun, add, end } = scene()
  const failed = add('open-task', 'a')
  const next = add('open-task', 'b')
  end('a', new Error('refused'))
  await expect(failed).rejects.toThrow('refused')
  await vi.waitFor(() => {
    expect(begun).toContain('b')
  })
  end('b')
  await expect(next).resolves.toBe('b')
  expect(begun).toEqual(['a', 'b'])
})

test('while held nothing is opened, and closes go on', async () => {
  const { queue, begun, add, end } = scene()
  queue.hold(true)
  const opened = add('open-task', 'open')
  const closed = add('close', 'close')
  end('close')
  await closed
  expect(begun).toEqual(['close'])
  queue.hold(false)
  await vi.waitFor(() => {
    expect(begun).toContain('open')
  })
  end('open')
  await opened
  expect(begun).toEqual(['close', 'open'])
})

test('what is not wanted any more before its turn never runs', async () => {
  const { begun, add, end } = scene()
  const first = add('open-task', 'first')
  const abort = new AbortController()
  const waiting = add('open-task', 'waiting', abort.signal)
  abort.abort(new Error('left'))
  await expect(waiting).rejects.toThrow('left')
  await expect(add('close', 'late', abort.signal)).rejects.toThrow('left')
  end('first')
  await first
  expect(begun).toEqual(['first'])
})

test('a job that throws before it has begun to wait fails alone', async () => {
  const { queue, add, end, begun } = scene()
  const failed = queue.add({ turn: () => ({ class: 'open-task' }) }, () => {
    throw new Error('at once')
  })
  await expect(failed).rejects.toThrow('at once')
  const next = add('open-task', 'next')
  expect(begun).toEqual(['next'])
  end('next')
  await expect(next).resolves.toBe('next')
})
