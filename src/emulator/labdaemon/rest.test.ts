import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ORIGIN, testLab } from './test-lab.ts'
import type { TestLab } from './test-lab.ts'

let test: TestLab

beforeEach(() => {
  test = testLab()
})
afterEach(() => test.lab.stop())

const taskIds = async () =>
  ((await test.json('/tasks')) as { tasks: { task_id: string | number }[] }).tasks.map(
    ({ task_id }) => task_id,
  )

describe('conventions (LabDaemon wire contract §2)', () => {
  it('HEAD and bare OPTIONS are 405, before any redirect', async () => {
    expect((await test.request('HEAD', '/health')).status).toBe(405)
    expect((await test.request('OPTIONS', '/tasks')).status).toBe(405)
  })

  it('redirects keep query and host', async () => {
    const answer = await test.request('GET', '/devices/laser1/?a=1')
    expect(answer.status).toBe(307)
    expect(answer.headers.get('location')).toBe(`${ORIGIN}/devices/laser1?a=1`)
  })

  it('ids may hold any text but a slash', async () => {
    const id = 'Δλ <b>50% ?#&'
    await test.start(id, 'InstantTask')
    expect(await test.json(`/tasks/${encodeURIComponent(id)}`)).toMatchObject({ task_id: id })
    expect((await test.start('a/b', 'InstantTask')).status).toBe(200)
    expect((await test.request('GET', '/tasks/a%2Fb')).status).toBe(404)
  })

  it('a numeric id is stored as a number and unreachable; an array trips the server', async () => {
    await test.post('/tasks', { task_id: 7, task_type: 'InstantTask' })
    expect(await taskIds()).toEqual([7])
    expect((await test.request('GET', '/tasks/7')).status).toBe(404)
    const answer = await test.post('/tasks', { task_id: ['a'], task_type: 'InstantTask' })
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal Server Error'])
  })

  it('422 for what is no JSON object', async () => {
    for (const body of ['[]', '"text"', '1']) expect((await raw(body, 'application/json')).status).toBe(422)
    expect((await raw('{"task_id":"a"}', 'text/plain')).status).toBe(422)
    expect((await raw('{"task_id":"a"}', 'application/json')).status).toBe(400)
  })

  const raw = (body: string, type: string) =>
    test.lab.fetch(
      new Request(`${ORIGIN}/tasks`, { method: 'POST', body, headers: { 'content-type': type } }),
    )

  it('keeps 2.0 and 2 apart', async () => {
    const answer = await test.lab.fetch(
      new Request(`${ORIGIN}/devices/laser1/call`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"method":"configure","args":[{"a":2.0},[1,2.5,1e3]]}',
      }),
    )
    expect(await answer.text()).toBe(
      '{"result":{"options":{"a":2.0},"points":[1,2.5,1000.0],"averages":4,"label":"run"},"success":true}',
    )
  })

  it('with a cookie the origin is echoed', async () => {
    const { headers } = await test.lab.fetch(
      new Request(`${ORIGIN}/health`, { headers: { origin: 'http://other.example', cookie: 'a=b' } }),
    )
    // Some runtimes do not let scripts set cookies.
    const echoed = headers.get('vary') === 'Origin'
    expect(headers.get('access-control-allow-origin')).toBe(echoed ? 'http://other.example' : '*')
  })

  it('documents its 22 operations', async () => {
    const { paths, info } = (await test.json('/openapi.json')) as {
      paths: Record<string, object>
      info: { version: string }
    }
    expect(Object.values(paths).flatMap((path) => Object.keys(path))).toHaveLength(22)
    expect(info.version).toBe('1.0.1')
    expect((await test.request('GET', '/docs')).status).toBe(200)
  })
})

describe('calls (LabDaemon wire contract §3)', () => {
  const call = async (device: string, body: object) => {
    const answer = await test.post(`/devices/${device}/call`, body)
    return [answer.status, ((await answer.json()) as { error?: { message: string } }).error?.message]
  }

  it.each([
    [
      { method: 'spectrum', args: [1, 2] },
      'TunableLaser.spectrum() takes from 1 to 2 positional arguments but 3 were given',
    ],
    [
      { method: 'get_wavelength', args: [1] },
      'TunableLaser.get_wavelength() takes 1 positional argument but 2 were given',
    ],
    [
      { method: 'set_power', kwargs: { watts: 1 } },
      "TunableLaser.set_power() got an unexpected keyword argument 'watts'",
    ],
    [
      { method: 'set_power', args: [1], kwargs: { milliwatts: 1 } },
      "TunableLaser.set_power() got multiple values for argument 'milliwatts'",
    ],
    [{ method: 'set_power', args: ['much'] }, "could not convert string to float: 'much'"],
    [{ method: 'device_id' }, "'device_id' is not a method"],
    [{ method: 'set_power', args: {} }, "'args' must be a list"],
    [{ method: 'set_power', kwargs: [] }, "'kwargs' must be a dict"],
  ])('%j', async (body, message) => {
    expect(await call('laser1', body)).toEqual([400, message])
  })

  it('start_streaming is listed and cannot be called', async () => {
    const answer = await test.post('/devices/daq1/call', { method: 'start_streaming', args: ['me'] })
    expect(answer.status).toBe(400)
  })

  it('a result that cannot be encoded is a plain 500', async () => {
    const answer = await test.post('/devices/laser1/call', { method: 'raw_spectrum' })
    expect([answer.status, await answer.text()]).toEqual([500, 'Internal Server Error'])
  })
})

describe('retention and ids (LabDaemon wire contract §5.9)', () => {
  it('keeps 20 finished tasks, and their ids stay used up', async () => {
    for (let index = 0; index < 25; index++) await test.start(`t-${index}`, 'InstantTask')
    expect(await taskIds()).toEqual(Array.from({ length: 20 }, (_, index) => `t-${index + 5}`))
    expect((await test.request('GET', '/tasks/t-0')).status).toBe(404)
    expect((await test.start('t-0', 'InstantTask')).status).toBe(400)
  })

  it('does not count running tasks', async () => {
    await test.start('long', 'SlowTask')
    for (let index = 0; index < 25; index++) await test.start(`t-${index}`, 'InstantTask')
    expect(await taskIds()).toContain('long')
  })

  it('keeps the newest 20 task errors', async () => {
    for (let index = 0; index < 25; index++) await test.start(`t-${index}`, 'InstantFailTask')
    expect((await test.request('GET', '/tasks/t-4/error')).status).toBe(404)
    expect((await test.request('GET', '/tasks/t-5/error')).status).toBe(200)
  })
})

describe('outcomes (LabDaemon wire contract §5.7)', () => {
  it('a 409 leaves an error for a task that does not exist', async () => {
    await test.start('sweep-1', 'SweepTask')
    await test.start('sweep-2', 'SweepTask')
    expect((await test.request('GET', '/tasks/sweep-2')).status).toBe(404)
    expect((await test.request('GET', '/tasks/sweep-2/error')).status).toBe(200)
    expect((await test.request('DELETE', '/tasks/sweep-2/error')).status).toBe(204)
    expect((await test.request('GET', '/tasks/sweep-2/error')).status).toBe(404)
  })

  it('claims go with the task', async () => {
    await test.start('sweep-1', 'SweepTask', { steps: 2 })
    expect((await test.start('sweep-2', 'SweepTask')).status).toBe(409)
    await test.clock.advance(500)
    expect((await test.start('sweep-3', 'SweepTask')).status).toBe(200)
  })

  it('a big result is read whole', async () => {
    await test.start('big', 'ResultTask', { kind: 'big', megabytes: 5 })
    await test.clock.advance(100)
    const text = await test.get('/tasks/big')
    expect(text.length).toBeGreaterThan(4e6)
    expect(JSON.parse(text)).toMatchObject({ running: false, result: { status: 'completed' } })
  })

  it('speed makes tasks faster, not the server', async () => {
    test.lab.stop()
    test = testLab({ speed: 10 })
    await test.start('t-1', 'LongRunningTask', { steps: 100, delay: 0.1 })
    await test.clock.advance(1_050)
    expect(await test.json('/tasks/t-1')).toMatchObject({ running: false })
  })
})
