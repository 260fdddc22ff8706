import { expect, test } from 'vitest'
import { readSse, type SseMessage } from './read-sse.ts'

const MB = 1024 * 1024

/** A body whose chunks come as they are asked for. */
function bodyOf(chunks: Iterable<string>): ReadableStream<Uint8Array> {
  const left = chunks[Symbol.iterator]()
  const encoded = new Map<string, Uint8Array>()
  return new ReadableStream({
    pull(controller) {
      const { done, value } = left.next()
      if (done) {
        controller.close()
        return
      }
      const bytes = encoded.get(value) ?? new TextEncoder().encode(value)
      encoded.set(value, bytes)
      controller.enqueue(bytes)
    },
  })
}

async function read(chunks: readonly string[]): Promise<{ messages: SseMessage[][]; cut: boolean }> {
  const messages: SseMessage[][] = []
  const cut = await readSse(bodyOf(chunks), (all) => messages.push(all))
  return { messages, cut }
}

test('the messages of a chunk come together; a chunk without one is a sign of life', async () => {
  const { messages, cut } = await read(['data: 1\n\ndata: 2\n\n', ': ping\n\n', 'event: end\ndata: 3\n\n'])
  expect(messages.map((all) => all.map(({ event, data }) => `${event} ${data}`))).toEqual([
    ['message 1', 'message 2'],
    [],
    ['end 3'],
  ])
  expect(cut).toBe(false)
})

test('a stream that ends inside a message was cut', async () => {
  expect((await read(['data: 1\n\n', 'data: {"ste'])).cut).toBe(true)
})

test('a message that never ends does not fill the memory; what came before it is handed over', async () => {
  const got: string[] = []
  const piece = 'x'.repeat(MB)
  const endless = (function* () {
    yield 'data: 1\n\ndata: '
    for (;;) yield piece
  })()
  const reading = readSse(bodyOf(endless), (all) => got.push(...all.map(({ data }) => data)))
  await expect(reading).rejects.toThrow('longer than 64 MB')
  expect(got).toEqual(['1'])
})

test('a stream of nothing but comments may go on for ever', async () => {
  const ping = `: ${'p'.repeat(MB)}\n\n`
  const pings = Array.from({ length: 70 }, () => ping)
  expect((await read(pings)).messages.flat()).toEqual([])
})
