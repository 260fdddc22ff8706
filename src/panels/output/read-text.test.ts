import { afterEach, expect, test, vi } from 'vitest'
import { readText } from './read-text.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})
const signal = new AbortController().signal

test('reads a short file whole, and of a long one the beginning', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('a weir ☂')))
  expect(await readText('/x', signal)).toEqual({ text: 'a weir ☂', bytes: 10, cut: false })
  expect(await readText('/x', signal, 4)).toEqual({ text: 'a we', bytes: 4, cut: true })
})

test('says why a file cannot be read', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('', { status: 404 })))
  await expect(readText('/x', signal)).rejects.toThrow('The file is not there (404).')
})
