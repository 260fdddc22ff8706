import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInferenceCloud } from '#emulator/inference/index.ts'
import { listen, type Listening } from '../../node/listen.ts'
import { createRelay, type Relay } from '../../relay.ts'

const cloud = createInferenceCloud({ preset: 'empty' })
/** What reached the place where files go. */
const puts: { length: string | null; encoding: string | null; size: number }[] = []
let service: Listening
let weir: Listening
let relay: Relay

beforeAll(async () => {
  service = await listen(
    async (request) => {
      if (request.method !== 'PUT') return cloud.fetch(request)
      const { headers } = request
      const size = (await request.arrayBuffer()).byteLength
      puts.push({ length: headers.get('content-length'), encoding: headers.get('transfer-encoding'), size })
      return new Response(null, { status: 200 })
    },
    '127.0.0.1',
    0,
  )
  const url = `http://127.0.0.1:${service.port}`
  relay = createRelay({
    version: 'test',
    sources: [{ name: 'cloud', kind: 'inference', url, key: 'inf_upload', fetch }],
  })
  weir = await listen((request) => relay.fetch(request), '127.0.0.1', 0)
})
afterAll(async () => {
  await relay.stop()
  await weir.close()
  await service.close()
  cloud.stop()
})

const upload = (body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>) =>
  fetch(`http://127.0.0.1:${weir.port}/api/files/cloud?name=a.bin&type=application/octet-stream`, {
    method: 'POST',
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  })

test('a file whose size is told passes through as it comes, larger than what Weir keeps in memory', async () => {
  const size = 20 * 1024 * 1024
  const answer = await upload(new Uint8Array(size))
  expect(answer.status).toBe(201)
  expect((await answer.json()) as object).toHaveProperty('uri')
  expect(puts.pop()).toEqual({ length: String(size), encoding: null, size })
})

test('one whose size is not told waits until it is whole, so it is short', async () => {
  const pieces = (count: number) =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (count-- > 0) controller.enqueue(new Uint8Array(1024 * 1024))
        else controller.close()
      },
    })
  expect((await upload(pieces(3))).status).toBe(201)
  expect(puts.pop()).toEqual({ length: String(3 * 1024 * 1024), encoding: null, size: 3 * 1024 * 1024 })
  const refused = await upload(pieces(20)).catch(() => null)
  // The answer may find the sender still writing.
  if (refused) expect(refused.status).toBe(413)
  expect(puts).toEqual([])
})
