import { exportedLine, gapText } from '#model/log-buffer.ts'
import type { Tasks } from './record/doors.ts'

/** Lines handed on at a time, and their characters. */
const AT_ONCE = { lines: 10_000, chars: 8_000_000 }

/** A task's log as text, with the times of its lines, part by part: as far as it goes now. */
export async function* logText(tasks: Tasks, source: string, id: string): AsyncGenerator<string, void> {
  const log = tasks.log(source, id)
  if (!log) return
  const end = log.total
  let next = log.first
  if (next > 0) yield `${gapText(`lines 1 to ${next} are no longer kept`)}\n`
  while (next < end) {
    const { first, at, kinds, texts } = await tasks.lines(source, id, next, end, AT_ONCE)
    if (texts.length === 0) return
    // It may have lost its oldest lines meanwhile.
    if (first > next) yield `${gapText(`lines ${next + 1} to ${first} are no longer kept`)}\n`
    next = first + texts.length
    yield texts
      .map((text, i) => `${new Date(at[i]!).toISOString()}  ${exportedLine(kinds[i], text)}\n`)
      .join('')
  }
}

/** A text file made while it is sent: nobody waits for the whole, and nothing holds it. */
export function textFile(parts: AsyncIterable<string> | Iterable<string>, name: string): Response {
  const iterator = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]()
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await iterator.return?.()
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '_')}"`,
    },
  })
}
