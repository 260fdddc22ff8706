import { expect, test } from 'vitest'
import { ALL_CAPABILITIES } from '#testing/sample-source.ts'
import { startCloud } from '#testing/cloud.ts'
import { startLab } from '#testing/lab.ts'
import { SOURCE_KINDS } from './sources/registry.ts'

test('a source says what it has no part in, in its own name', async () => {
  const { ask, start, relay } = await startLab()
  await start('run', 'LongRunningTask')
  for (const [path, title] of [
    ['/apps/lab', 'lab has no apps'],
    ['/apps/lab/some/app', 'lab has no apps'],
    ['/tasks/lab/run/schemas', 'lab has no apps'],
    ['/tasks/lab/run/telemetry', 'lab measures nothing of a task'],
    ['/apps/other', 'There is no source other'],
    ['/files?url=http://a.test/b', 'There is no source with files'],
    ['/inference/proxy', 'There is no inference.sh source; start Weir with one'],
  ] as const)
    expect({ path, ...(await ask(path)) }).toMatchObject({ path, status: 404, body: { title } })
  const response = await relay.fetch(
    new Request('http://weir.test/api/tasks/lab/run/follow', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: '{"forMs":1000}',
    }),
  )
  expect(await response.json()).toMatchObject({ title: 'lab follows its tasks to their end' })
  await relay.stop()
})

test('"cancel after" is for tasks of every source', async () => {
  const lab = await startLab()
  await lab.start('run', 'LongRunningTask')
  const cloud = await startCloud()
  const id = await cloud.run('weirdemo/sleeper', { seconds: 600 })
  for (const { fetch, address, task } of [
    { fetch: lab.relay.fetch, address: '/tasks/lab/run', task: () => lab.task('run') },
    { fetch: cloud.relay.fetch, address: `/tasks/cloud/${id}`, task: () => cloud.task(id) },
  ]) {
    const { status } = await fetch(
      new Request(`http://weir.test/api${address}/timeout`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: '{"afterMs":60000}',
      }),
    )
    expect(status).toBe(204)
    expect((await task()).detail.meta['cancelAfterMs']).toBe(60_000)
  }
  await lab.relay.stop()
  await cloud.stop()
})

test('pages are told with each source what it is called and what it can', async () => {
  const lab = await startLab()
  const cloud = await startCloud()
  expect(await lab.source()).toMatchObject({
    label: 'LabDaemon',
    capabilities: {
      start: 'parameters',
      pause: true,
      devices: true,
      followLimits: { absent: expect.stringContaining('end') as string },
    },
  })
  expect(await cloud.source()).toMatchObject({
    label: 'inference.sh',
    capabilities: {
      start: 'schema',
      followLimits: true,
      devices: { absent: expect.stringContaining('no devices') as string },
    },
  })
  await lab.relay.stop()
  await cloud.stop()
})

test.each([...SOURCE_KINDS])('%s gives a reason, in a sentence, for each thing it cannot do', (_, kind) => {
  const url = 'http://source.test'
  const capabilities = kind.capabilities({
    name: 'any',
    kind: 'any',
    url,
    fetch: () => Promise.reject(new Error()),
  })
  const { start, code, ...rest } = capabilities
  expect(Object.keys(capabilities).sort()).toEqual(Object.keys(ALL_CAPABILITIES).sort())
  const absent = [start, code].filter((each) => typeof each === 'object' && 'absent' in each)
  for (const each of [...Object.values(rest), ...absent])
    if (each !== true) expect(each.absent).toMatch(/^\S.* .*\.$/)
})
