import { expect, test } from 'vitest'
import { TARGET_HEADER } from '#protocols/inference/proxy-target.ts'
import { NO_LOG } from '../log.ts'
import { compose } from './compose.ts'

const REST = { data: null, keep: { ageMs: null, bytes: null }, sourceMoved: [] }

/** What a relay that is never started answers to a call through the SDK's proxy: without a key it passes nothing on. */
async function proxied(path: string, allowCalls: string[]): Promise<number> {
  const source = { name: 'cloud', kind: 'inference' as const, url: 'http://cloud.test' }
  const { relay } = compose({ ...REST, sources: [source], allowCalls }, {}, NO_LOG)
  const headers = { [TARGET_HEADER]: `http://cloud.test${path}` }
  return (await relay.fetch(new Request('http://weir.test/api/inference/proxy', { headers }))).status
}

test('--allow-call lets a further call through the proxy', async () => {
  expect(await proxied('/search/words', [])).toBe(403)
  expect(await proxied('/search/words', ['GET /search/:words'])).toBe(401)
})
