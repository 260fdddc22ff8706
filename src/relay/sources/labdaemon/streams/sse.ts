import { createParser } from 'eventsource-parser'
import { withinDepth } from '#lib/json-depth.ts'

/** A server that never ends a line must not fill the memory. */
const MAX_BUFFER = 64 * 1024 * 1024

export interface SseMessage {
  event: string
  /** Within the bound on depth. */
  data: string
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
  const parser = createParser({
    onEvent: ({ event, data }) => batch.push({ event: event ?? 'message', data: withinDepth(data) }),
  })
  const decoder = new TextDecoder()
  let tail = ''
  let open = 0
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const text = decoder.decode(value, { stream: true })
      parser.feed(text)
      tail = (tail + text.slice(-4)).slice(-4)
      open = batch.length > 0 ? 0 : open + text.length
      if (open > MAX_BUFFER) throw new Error('a message of the stream is longer than 64 MB')
      // Also an empty batch is a sign of life (a comment, half a message).
      const messages = batch
      batch = []
      onMessages(messages)
    }
  } finally {
    reader.releaseLock()
  }
  return tail !== '' && !/(\r\n\r\n|\n\n|\r\r)$/.test(tail)
}
