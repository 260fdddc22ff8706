import { fuzzRuns } from '#testing/fuzz-runs.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReplacer, withoutKey } from './without-key.ts'

const KEY = 'inf_0123456789abcdef'
const STARS = '*'.repeat(KEY.length)
const bytes = (text: string) => new TextEncoder().encode(text)

function replaced(chunks: readonly Uint8Array[], needle: string, instead: string): string {
  const replacer = new ByteReplacer(bytes(needle), bytes(instead))
  const out = chunks.flatMap((chunk) => replacer.push(chunk))
  out.push(replacer.end())
  const decoder = new TextDecoder()
  return out.map((piece) => decoder.decode(piece, { stream: true })).join('')
}

test('a sequence is replaced wherever the text was cut', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 60 })
  const needle = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(letters, needle, fc.array(fc.nat(60)), (text, key, cuts) => {
      const places = [0, ...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length]
      const chunks = places.slice(1).map((end, i) => bytes(text.slice(places[i], end)))
      expect(replaced(chunks, key, '*')).toBe(text.replaceAll(key, '*'))
    }),
    { numRuns: fuzzRuns(500) },
  )
})

test('a whole line is passed on at once', () => {
  const replacer = new ByteReplacer(bytes(KEY), bytes(STARS))
  const text = '{"event":"delta"}\n'
  expect(replacer.push(bytes(text)).map((piece) => new TextDecoder().decode(piece))).toEqual([text])
})

test('what echoes the key answers without it: body, headers, status text', async () => {
  const echo = withoutKey(
    () =>
      Promise.resolve(
        new Response(`{"sent":"Bearer ${KEY}"}`, {
          statusText: `no ${KEY}`,
          headers: { 'x-echo': `Bearer ${KEY}`, 'content-type': 'application/json' },
        }),
      ),
    KEY,
  )
  const response = await echo('http://cloud.test', {})
  expect(await response.text()).toBe(`{"sent":"Bearer ${STARS}"}`)
  expect([...response.headers]).toEqual([['content-type', 'application/json']])
  expect(response.statusText).toBe('')
})

test('an error that quotes the key is said without it; an abort stays one', async () => {
  const cause = new Error(`"Bearer ${KEY}" is no header value`)
  const failing = withoutKey(() => Promise.reject(new TypeError('fetch failed', { cause })), KEY)
  const error = await failing('http://cloud.test', {}).catch((reason: unknown) => reason as Error)
  expect(error).toMatchObject({ message: 'fetch failed' })
  expect((error as Error).cause).toBeUndefined()
  const abort = new DOMException('gone', 'AbortError')
  await expect(withoutKey(() => Promise.reject(abort), KEY)('http://cloud.test', {})).rejects.toBe(abort)
})
