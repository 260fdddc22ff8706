import { expect, test } from 'vitest'
import { LabDaemonClient } from './client.ts'

/** A server that closes the connection under the first requests, and notes all of them. */
function closing(times: number, code = 'UND_ERR_SOCKET') {
  const asked: { method: string | undefined; headers: Headers }[] = []
  const client = new LabDaemonClient('http://lab.test', (_, init) => {
    asked.push({ method: init.method, headers: new Headers(init.headers) })
    if (asked.length <= times)
      return Promise.reject(
        new TypeError('fetch failed', { cause: Object.assign(new Error('other side closed'), { code }) }),
      )
    if (init.method === 'DELETE') return Promise.resolve(new Response(null, { status: 204 }))
    return Promise.resolve(Response.json({ status: 'healthy', timestamp: '', result: 1, success: true }))
  })
  return { client, asked }
}

test('a read whose connection was closed is asked again, once', async () => {
  const once = closing(1)
  await expect(once.client.health()).resolves.toMatchObject({ status: 'healthy' })
  expect(once.asked).toHaveLength(2)
  const twice = closing(2, 'ECONNRESET')
  await expect(twice.client.health()).rejects.toMatchObject({ kind: 'unreachable' })
  expect(twice.asked).toHaveLength(2)
})

test('what may change something is never asked twice, nor what nobody listens to', async () => {
  const call = closing(1)
  await expect(call.client.call('laser1', 'settle', [], {})).rejects.toMatchObject({ kind: 'unreachable' })
  expect(call.asked).toHaveLength(1)
  const refused = closing(1, 'ECONNREFUSED')
  await expect(refused.client.health()).rejects.toMatchObject({ type: 'ECONNREFUSED' })
  expect(refused.asked).toHaveLength(1)
})

test('the connection of a DELETE is not used again: the server closes it', async () => {
  const { client, asked } = closing(0)
  await client.clearDeviceError('laser1')
  await client.health()
  expect(asked.map(({ headers }) => headers.get('connection'))).toEqual(['close', null])
})
