import { afterAll, describe, expect, it } from 'vitest'
import { ORIGIN, recording, testLab, timeless } from './test-lab.ts'

interface Recorded {
  readonly file: string
  readonly request?: {
    readonly method?: string
    readonly path?: string
    readonly body?: unknown
    readonly raw_body?: string
  }
  readonly response?: {
    readonly status: number
    readonly 'content-type': string | null
    readonly headers?: Record<string, string>
  }
}

const { files } = JSON.parse(recording('index.json')) as { files: readonly Recorded[] }

/** Recorded in the midst of streams: see the tests of streams. */
const ELSEWHERE = new Set(['device-silenced.json'])

const rest = files.filter(
  ({ file, request }) => request?.method !== undefined && !file.endsWith('.sse') && !ELSEWHERE.has(file),
)

const { lab, clock, start, post, request } = testLab()

const cancel = (id: string) => post(`/tasks/${id}/cancel`)

/** What happened between the recorded requests. */
const BEFORE: Record<string, () => Promise<unknown>> = {
  'device-error-none.json': () => request('DELETE', '/devices/flaky1/error'),
  'task-start-instant.json': () => start('probe-0', 'InstantTask'),
  'task-start-400-failed-at-once.json': () => start('door-0', 'InstantFailTask'),
  'task-parameter.json': () => start('pausable-1', 'PausableTask'),
  'task-cancelled.json': async () => {
    await cancel('pausable-1')
    await start('silent-1', 'SlowTask')
    await start('raised-1', 'RaisingCancelTask')
    await start('stubborn-1', 'StubbornTask')
    for (const id of ['silent-1', 'raised-1', 'stubborn-1']) await cancel(id)
    await clock.advance(300)
  },
  'task-cancel-ignored.json': () => clock.advance(5_000),
  'task-failed.json': async () => {
    await start('failing-1', 'FailingTask')
    await clock.advance(2_000)
  },
  'task-completed.json': async () => {
    await start('nan-1', 'ResultTask', { kind: 'nan' })
    await start('text-1', 'ResultTask', { kind: 'text' })
    await start('none-1', 'ResultTask', { kind: 'none' })
    await start('nested-1', 'ResultTask', { kind: 'nested' })
    await clock.advance(200)
  },
  'tasks-list.json': () => start('swarm', 'SwarmTask'),
  'device-owned.json': () => request('DELETE', '/devices/laser1/error'),
  'task-error-none-of-child.json': () => clock.advance(2_000),
}

describe('REST answers as recorded, in the order of the recording', () => {
  it.each(rest.map((each) => [each.file, each] as const))(
    '%s',
    async (file, { request: asked, response }) => {
      await BEFORE[file]?.()
      const body = asked?.raw_body ?? (asked?.body === undefined ? undefined : JSON.stringify(asked.body))
      const answer = await lab.fetch(
        new Request(ORIGIN + (asked?.path ?? ''), {
          method: asked?.method ?? 'GET',
          ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
        }),
      )
      expect(answer.status).toBe(response?.status)
      expect(answer.headers.get('content-type')).toBe(response?.['content-type'])
      for (const [name, value] of Object.entries(response?.headers ?? {}))
        expect(answer.headers.get(name)).toBe(value)
      expect(timeless(await answer.text())).toBe(timeless(recording(file)))
    },
  )

  afterAll(() => lab.stop())
})

describe('whole responses as recorded', () => {
  const other = testLab()
  afterAll(() => other.lab.stop())

  const crossOrigin = (path: string, init: RequestInit = {}) =>
    other.lab.fetch(
      new Request(ORIGIN + path, {
        ...init,
        headers: { origin: 'http://other.example', ...init.headers },
      }),
    )

  it.each([
    ['cors-get.http', () => crossOrigin('/health')],
    [
      'cors-preflight.http',
      () =>
        crossOrigin('/tasks', {
          method: 'OPTIONS',
          headers: {
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        }),
    ],
    [
      'device-error-delete-204.http',
      async () => {
        await other.post('/devices/flaky1/connect')
        return other.request('DELETE', '/devices/flaky1/error')
      },
    ],
    [
      'task-500-nan-cross-origin.http',
      async () => {
        await other.start('nan-1', 'ResultTask', { kind: 'nan' })
        await other.clock.advance(200)
        return crossOrigin('/tasks/nan-1')
      },
    ],
  ])('%s', async (file, ask) => {
    const [head = '', body = ''] = recording(file).split('\r\n\r\n')
    const [statusLine = '', ...lines] = head.split('\r\n')
    const answer = await ask()
    expect(answer.status).toBe(Number(statusLine.split(' ')[1]))
    const recorded = lines
      .map((line) => line.split(': '))
      .filter(([name = '']) => !['date', 'content-length', 'Connection'].includes(name))
    expect(recorded.map(([name = '']) => [name, answer.headers.get(name)])).toEqual(recorded)
    expect(answer.headers.has('access-control-allow-origin')).toBe(
      head.includes('access-control-allow-origin'),
    )
    expect(timeless(await answer.text())).toBe(timeless(body))
  })
})
