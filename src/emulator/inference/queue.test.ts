import { afterEach, describe, expect, it } from 'vitest'
import { logText, testCloud, textOf } from './test-cloud.ts'
import type { TestCloud } from './test-cloud.ts'
import type { JsonObject } from './wire.ts'

let lab: TestCloud
afterEach(() => lab.cloud.stop())

const statusesOf = (task: JsonObject) => (task.events as JsonObject[]).map(({ status }) => status)

describe('workers', () => {
  it('are few: what finds none free stays queued, in order', async () => {
    lab = testCloud({ workers: 2 })
    const ids: string[] = []
    for (let index = 0; index < 5; index++) ids.push(await lab.run('sleeper', { seconds: 20 }))
    await lab.clock.advance(5_000)
    const statuses = async () =>
      Promise.all(ids.map(async (id) => (await lab.get(`/tasks/${id}/status`)).status))
    const running = await statuses()
    expect(running.filter((status) => status === 7)).toHaveLength(2)
    expect(running.filter((status) => status === 2)).toHaveLength(3)
    await lab.clock.advance(22_000)
    expect((await statuses()).filter((status) => status === 10)).toHaveLength(2)
    await lab.clock.advance(60_000)
    expect(await statuses()).toEqual([10, 10, 10, 10, 10])
  })

  it('are warm for the next run of the same app', async () => {
    lab = testCloud({ workers: 1 })
    const input = { prompt: 'a weir', steps: 2 }
    const first = await lab.after(30, await lab.run('landscape', input))
    expect(statusesOf(first)).toEqual([1, 2, 3, 4, 5, 6, 7, 9, 10])
    const second = await lab.after(30, await lab.run('landscape', input))
    expect(statusesOf(second)).toEqual([1, 2, 3, 4, 7, 9, 10])
  })

  it('may die: the task is queued again', async () => {
    lab = testCloud()
    const id = await lab.run('atlas', { place: 'a weir', count: 3 })
    expect(await lab.after(8, id)).toMatchObject({ status: 7 })
    lab.cloud.loseWorker(id)
    expect(await lab.after(0, id)).toMatchObject({ status: 2, output: {}, worker_id: null })
    const task = await lab.after(60, id)
    expect(statusesOf(task).filter((status) => status === 2)).toHaveLength(2)
    expect(task.status).toBe(10)
  })
})

describe('cancelling', () => {
  const cancel = (id: string, body?: object) => lab.request('POST', `/tasks/${id}/cancel`, body)

  it('a running task: 8, then 12, with the word of the app', async () => {
    lab = testCloud()
    const id = await lab.run('sleeper')
    await lab.clock.advance(14_000)
    expect((await cancel(id)).status).toBe(200)
    expect(await lab.after(0.1, id)).toMatchObject({ status: 8 })
    const task = await lab.after(2, id)
    expect(task).toMatchObject({ status: 12, error: 'cancelled by user' })
    expect(statusesOf(task)).toEqual([1, 2, 3, 4, 7, 8, 12])
    expect(logText(task, 4)).toBe('sleeping for 3600 s\nstill here after 10 s\nasked to stop, leaving\n')
    expect((await cancel(id)).status).toBe(200)
    expect(await lab.after(1, id)).toMatchObject({ status: 12 })
  })

  it('a queued task', async () => {
    lab = testCloud({ workers: 1 })
    await lab.run('sleeper')
    const id = await lab.run('sleeper')
    await lab.clock.advance(3_000)
    await cancel(id)
    expect(statusesOf(await lab.after(1, id))).toEqual([1, 2, 8, 12])
  })

  it('a task that was just received', async () => {
    lab = testCloud()
    const id = await lab.run('sleeper')
    await cancel(id)
    expect(statusesOf(await lab.after(5, id))).toEqual([1, 8, 12])
  })

  it('while the container starts', async () => {
    lab = testCloud()
    const id = await lab.run('landscape', { prompt: 'a weir' })
    expect(await lab.after(2.5, id)).toMatchObject({ status: 5 })
    await cancel(id)
    expect(statusesOf(await lab.after(2, id))).toEqual([1, 2, 3, 4, 5, 8, 12])
  })

  it('an app that will not stop, until forced', async () => {
    lab = testCloud()
    const id = await lab.run('sleeper', { stubborn: true })
    await lab.clock.advance(5_000)
    await cancel(id)
    expect(await lab.after(20, id)).toMatchObject({ status: 8 })
    await cancel(id, { force: true, timeout: 2 })
    expect(await lab.after(3, id)).toMatchObject({ status: 12 })
  })

  it('frees the worker', async () => {
    lab = testCloud({ workers: 1 })
    const id = await lab.run('sleeper')
    const next = await lab.run('helper')
    await lab.clock.advance(5_000)
    await cancel(id)
    expect(await lab.after(5, next)).toMatchObject({ status: 10 })
  })
})

describe('runs', () => {
  it('wait for their time', async () => {
    lab = testCloud()
    const at = new Date(lab.clock.now() + 60_000).toISOString()
    const id = await lab.run('helper', {}, { run_at: at })
    expect(await lab.after(50, id)).toMatchObject({ status: 2, run_at: at })
    expect(await lab.after(20, id)).toMatchObject({ status: 10 })
  })

  it('of a session meet the same worker, which remembers', async () => {
    lab = testCloud()
    const input = { name: 'x', count: 1 }
    const first = await lab.after(10, await lab.run('workbench', input, { session: 'new' }))
    await lab.run('sleeper')
    const session = textOf(first.session_id)
    const second = await lab.after(10, await lab.run('workbench', input, { session }))
    expect(first.output).toMatchObject({ calls: 0 })
    expect(second).toMatchObject({ session_id: session, worker_id: first.worker_id, output: { calls: 1 } })
    expect(await lab.get(`/sessions/${session}`)).toMatchObject({ status: 'active', call_count: 2 })
  })

  it('are refused with what is wrong', async () => {
    lab = testCloud()
    const bodies: readonly (readonly [object, number, string])[] = [
      [{}, 400, 'app is required'],
      [{ app: 'weirdemo/none' }, 404, 'app not found: weirdemo/none'],
      [{ app: 'weirdemo/helper@00000000' }, 404, 'app version not found: weirdemo/helper@00000000'],
      [{ app: 'weirdemo/helper', function: 'fly' }, 400, 'function not found: fly'],
      [{ app: 'weirdemo/helper', input: [] }, 400, 'input is not an object'],
      [{ app: 'weirdemo/helper', run_at: 'soon' }, 400, 'run_at is no RFC 3339 time'],
      [
        { app: 'weirdemo/helper', session: 'new', session_timeout: 9_999 },
        422,
        'session_timeout: 9999 is greater than the maximum of 3600',
      ],
      [
        { app: 'weirdemo/workbench', input: { name: 'x', count: 1, mode: 'lazy' } },
        422,
        'input.mode: "lazy" is none of "fast", "careful", "both"',
      ],
      [
        { app: 'weirdemo/workbench', input: { name: 'x', count: 1.5 } },
        422,
        'input.count: 1.5 is not of type integer',
      ],
      [
        { app: 'weirdemo/workbench', input: { name: 'x', count: 1, path: [{ x: 1 }] } },
        400,
        'input.path[0].y is required',
      ],
      [
        { app: 'weirdemo/workbench', input: { name: 'x', count: 1 }, setup: { cache: 1 } },
        422,
        'setup.cache: 1 is not of type boolean',
      ],
    ]
    for (const [body, status, detail] of bodies) {
      const answer = await lab.request('POST', '/run', body)
      expect([answer.status, await answer.json()]).toMatchObject([status, { status, detail }])
    }
  })

  it('take a reference with a version and a function', async () => {
    lab = testCloud()
    const { version_id: version } = await lab.get('/apps/weirdemo/workbench')
    const app = `weirdemo/workbench@${textOf(version).slice(0, 8)}:preview`
    const { id } = await lab.post('/apps/run', { app, input: { name: 'x' } })
    expect(await lab.after(20, textOf(id))).toMatchObject({
      function: 'preview',
      output: { function: 'preview' },
    })
  })

  it('need secrets until they are there', async () => {
    lab = testCloud()
    expect((await lab.request('POST', '/run', { app: 'weirdemo/vault' })).status).toBe(412)
    lab.cloud.satisfy('weirdemo/vault')
    expect(await lab.after(10, await lab.run('vault'))).toMatchObject({
      status: 10,
      output: { opened: true },
    })
  })
})
