import { createParser } from 'eventsource-parser'
import { withinDepth } from '#lib/json-depth.ts'

/** Characters of one message: a server that never ends one must not fill the memory. */
const LONGEST_MESSAGE = 64 * 1024 * 1024

export interface SseMessage {
  event: string
  /** Within the bound on depth. */
  data: string
  /** Where the stream numbers what it sends. */
  id?: string
}

/**
 * Reads an event stream to its end, handing over the messages of each network chunk together. Resolves with
 * true when the stream was cut inside a message.
 */
export async function readSse(
  body: ReadableStream<Uint8Array>,
  onMessages: (messages: SseMessage[]) => void,
): Promise<boolean> {
  let batch: SseMessage[] = []
  let tooLong = false
  const parser = createParser({
    maxBufferSize: LONGEST_MESSAGE,
    onEvent: ({ event, data, id }) =>
      batch.push({
        event: event ?? 'message',
        data: withinDepth(data),
        ...(id === undefined ? {} : { id }),
      }),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') tooLong = true
    },
  })
  const decoder = new TextDecoder()
  let tail = ''
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const text = decoder.decode(value, { stream: true })
      parser.feed(text)
      tail = (tail + text.slice(-4)).slice(-4)
      // Also an empty batch is a sign of life (a comment, half a message).
      const messages = batch
      batch = []
      onMessages(messages)
      if (tooLong) throw new Error('a message of the stream is longer than 64 MB')
    }
  } finally {
    reader.releaseLock()
  }
  return tail !== '' && !/(\r\n\r\n|\n\n|\r\r)$/.test(tail)
}
