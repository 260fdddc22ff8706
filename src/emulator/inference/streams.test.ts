import { afterEach, describe, expect, it } from 'vitest'
import { KEY, logText, testCloud } from './test-cloud.ts'
import type { TestCloud } from './test-cloud.ts'
import type { JsonObject } from './wire.ts'

const clouds: TestCloud[] = []
const open = (options?: Parameters<typeof testCloud>[0]) => {
  const made = testCloud(options)
  clouds.push(made)
  return made
}
afterEach(() => {
  for (const { cloud } of clouds.splice(0)) cloud.stop()
})

async function sleeping(options?: Parameters<typeof testCloud>[0]) {
  const lab = open(options)
  const id = await lab.run('sleeper')
  await lab.clock.advance(5_000)
  return { ...lab, id, reading: await lab.open(`/tasks/${id}/stream`) }
}

describe('a task stream', () => {
  it('begins with the whole task and beats every ten seconds', async () => {
    const { clock, reading, id } = await sleeping()
    await clock.advance(30_500)
    const [first] = reading.lines
    expect(first).toMatchObject({ id, status: 7, app: { namespace: 'weirdemo', name: 'sleeper' } })
    expect(reading.lines.filter(({ type }) => type === 'heartbeat')).toHaveLength(3)
  })

  it('ends some time after a terminal status, or stays', async () => {
    for (const [afterEnd, ended] of [
      [8_000, 'end'],
      ['stay', undefined],
    ] as const) {
      const { clock, run, open: connect } = open({ afterEnd })
      const id = await run('helper')
      const reading = await connect(`/tasks/${id}/stream`)
      await clock.advance(3_500)
      expect(reading.lines.at(-1)?.data).toMatchObject({ status: 10 })
      expect(reading.ended).toBeUndefined()
      await clock.advance(30_000)
      expect(reading.ended).toBe(ended)
    }
  })

  it('replaces cumulative logs, whatever their characters', async () => {
    const { clock, run, open: connect, get } = open()
    const id = await run('landscape', { prompt: 'a weir', steps: 4, seed: 1 })
    const reading = await connect(`/tasks/${id}/stream`)
    await clock.advance(20_000)
    const texts = reading.lines
      .map(({ data }) => data as JsonObject | undefined)
      .filter(
        (data) => Array.isArray(data?.logs) && data.logs.some((log) => (log as JsonObject).log_type === 4),
      )
      .map((data) => logText(data ?? {}, 4))
    expect(texts.length).toBeGreaterThan(2)
    for (const [index, text] of texts.entries()) expect(text.startsWith(texts[index - 1] ?? '')).toBe(true)
    expect(texts.at(-1)).toContain('100%|██████████| 4/4')
    expect(texts.at(-1)).toContain('\u001b[33mwarning\u001b[0m: négatif prompt is empty, using “none” ☂\n')
    expect(logText(await get(`/tasks/${id}/logs`), 4)).toBe(texts.at(-1))
  })

  it('never says a delta twice', async () => {
    const { clock, run, open: connect } = open()
    const id = await run('narrator', { topic: 'a weir' })
    const first = await connect(`/tasks/${id}/stream`)
    await clock.advance(3_000)
    const second = await connect(`/tasks/${id}/stream`)
    await clock.advance(60_000)
    const numbers = (lines: readonly JsonObject[]) =>
      lines.filter(({ event }) => event === 'delta').map(({ data }) => (data as { seq: number }).seq)
    const all = numbers(first.lines)
    expect(all).toEqual(all.map((_, index) => index))
    const late = numbers(second.lines)
    expect(late[0]).toBeGreaterThan(5)
    expect(late.at(-1)).toBe(all.at(-1))
  })

  it('keeps a slow reader at the newest state', { timeout: 30_000 }, async () => {
    const { clock, run, request, get } = open()
    const id = await run('logmill', { lines: 60_000, per_second: 5_000 })
    const response = await request('GET', `/tasks/${id}/stream`, undefined, {
      accept: 'application/x-ndjson',
    })
    await clock.advance(30_000)
    expect(await get(`/tasks/${id}`)).toMatchObject({ status: 10 })
    const text = await response.text()
    expect(text.length).toBeLessThan(40_000_000)
    const last = JSON.parse(text.trimEnd().split('\n').at(-1) ?? '') as JsonObject
    expect(last.data).toMatchObject({ status: 10, output: { lines: 60_000 } })
  })
})

describe('streams that break', () => {
  it.each([
    ['end', 'end', /\}\n$/],
    ['reset', 'terminated', /\}\n$/],
    ['mid-line', 'end', /\{"data":\{"id":$/],
  ] as const)('%s', async (mode, ended, tail) => {
    const { cloud, clock, reading, id, open: connect } = await sleeping()
    cloud.cutStreams(mode, id)
    await clock.advance(0)
    expect(reading.ended).toBe(ended)
    expect(reading.text).toMatch(tail)
    const again = await connect(`/tasks/${id}/stream`)
    await clock.advance(0)
    expect(again.lines[0]).toMatchObject({ id, status: 7 })
  })

  it('a restart breaks streams and waiting requests, not tasks', async () => {
    const { cloud, clock, reading, id, get, request } = await sleeping()
    const waiting = request('POST', '/apps/run', { app: 'weirdemo/sleeper', wait: true }).catch(
      (error: Error) => error.message,
    )
    await clock.advance(10)
    cloud.restart(4_000)
    await clock.advance(0)
    expect(await waiting).toBe('fetch failed')
    expect(reading.ended).toBe('terminated')
    await expect(get(`/tasks/${id}`)).rejects.toThrow('fetch failed')
    await clock.advance(4_000)
    expect(await get(`/tasks/${id}`)).toMatchObject({ status: 7 })
  })

  it('a revoked key loses its streams', async () => {
    const { cloud, clock, reading, request } = await sleeping()
    cloud.revokeKey(KEY)
    await clock.advance(0)
    expect(reading.ended).toBe('end')
    expect((await request('POST', '/tasks/list', {})).status).toBe(401)
    cloud.acceptKey(KEY)
    expect((await request('POST', '/tasks/list', {})).status).toBe(200)
  })

  it('silence says nothing while the task goes on', async () => {
    const { cloud, clock, reading, id, get } = await sleeping()
    await clock.advance(0)
    cloud.silence()
    const before = reading.text
    await clock.advance(60_000)
    expect(reading.text).toBe(before)
    expect(reading.ended).toBeUndefined()
    expect(logText(await get(`/tasks/${id}`), 4)).toContain('still here after 50 s')
    cloud.silence(false)
    await clock.advance(11_000)
    expect(reading.text.length).toBeGreaterThan(before.length)
  })

  it('passes on what a test says', async () => {
    const { cloud, clock, reading, id } = await sleeping()
    cloud.inject(id, 'not json\n')
    await clock.advance(0)
    expect(reading.text.endsWith('not json\n')).toBe(true)
  })

  it('forgets who hung up', async () => {
    const { cloud, reading } = await sleeping()
    expect(cloud.openStreams()).toHaveLength(1)
    await reading.hangUp()
    expect(cloud.openStreams()).toEqual([])
  })

  it('404 for a task nobody knows', async () => {
    const { open: connect } = open()
    expect((await connect('/tasks/nope/stream')).status).toBe(404)
  })
})
