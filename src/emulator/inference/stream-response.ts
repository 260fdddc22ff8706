import type { Channel, Framing } from './channel.ts'

/** NDJSON for those who ask for it, else an event stream (inference.sh wire contract §6). */
export function framingOf(request: Request): Framing {
  const accept = request.headers.get('accept') ?? ''
  return /application\/(x-ndjson|jsonl|ndjson)/.test(accept) ? 'ndjson' : 'sse'
}

export function streamResponse(request: Request, channel: Channel): Response {
  const { signal } = request
  // A reader inside this program sees why; a socket that closed has nobody left to tell.
  const abort = () => channel.hangUp(signal.reason instanceof Error ? signal.reason : undefined)
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return new Response(channel.readable, {
    headers: {
      'content-type': framingOf(request) === 'ndjson' ? 'application/x-ndjson' : 'text/event-stream',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    },
  })
}
