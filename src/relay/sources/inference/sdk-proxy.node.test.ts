import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createInferenceCloud } from '#emulator/inference/index.ts'
import { inProcess } from '#lib/in-process.ts'
import { sdk } from '#testing/official-sdk.node.ts'
import { createRelay } from '../../relay.ts'

const cloud = createInferenceCloud({ preset: 'empty', speed: 25 })
const relay = createRelay({
  version: 'test',
  sources: [
    {
      name: 'cloud',
      kind: 'inference',
      url: 'http://cloud.test',
      key: 'inf_server',
      fetch: inProcess((request) => cloud.fetch(request)),
    },
  ],
})
const listener = getRequestListener((request) => relay.fetch(request), { overrideGlobalObjects: false })
const server = createServer((request, response) => void listener(request, response))
let proxyUrl = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  proxyUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/inference/proxy`
})
afterAll(async () => {
  await relay.stop()
  cloud.stop()
  await new Promise((resolve) => {
    server.close(resolve)
    server.closeAllConnections()
  })
})

test('the official SDK runs an app through the proxy, and has no key', async () => {
  const client = sdk.inference({ proxyUrl })
  const updates: unknown[] = []
  const seen = ({ status }: { status: unknown }) => updates.push(status)
  const task = await client.run(
    { app: 'weirdemo/landscape', input: { prompt: 'a weir', steps: 8 } },
    { onUpdate: seen, onPartialUpdate: seen },
  )
  expect(task.status).toBe(10)
  expect(task.output).toHaveProperty('image')
  expect(updates.length).toBeGreaterThan(2)
})

test('errors reach the SDK as its own', async () => {
  const client = sdk.inference({ proxyUrl })
  const failure = await client.run({ app: 'weirdemo/vault', input: {} }).catch((error: unknown) => error)
  expect(sdk.isRequirementsNotMetException(failure)).toBe(true)
})

test('a stream whose reader leaves is left upstream', async () => {
  const client = sdk.inference({ proxyUrl })
  const task = await client.run({ app: 'weirdemo/sleeper', input: { seconds: 600 } }, { wait: false })
  const abort = new AbortController()
  const stream = await fetch(proxyUrl, {
    headers: {
      'x-inf-target-url': `https://api.inference.sh/tasks/${task.id}/stream`,
      accept: 'application/x-ndjson',
    },
    signal: abort.signal,
  })
  await stream.body!.getReader().read()
  const open = () => cloud.openStreams().filter((id) => id === task.id).length
  expect(open()).toBeGreaterThan(0)
  const before = open()
  abort.abort()
  await expect.poll(open).toBeLessThan(before)
})
