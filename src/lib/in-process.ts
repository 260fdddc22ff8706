import type { Fetch } from './fetch.ts'

/** Makes a handler that lives in this process behave as one behind a network: requests can be hung up on. */
export function inProcess(handle: (request: Request) => Response | Promise<Response>): Fetch {
  return async (url, init) => {
    const signal = init.signal ?? new AbortController().signal
    const hungUp = new Promise<never>((_, reject) => {
      const abort = () => {
        reject(signal.reason as Error)
      }
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort, { once: true })
    })
    hungUp.catch(() => undefined)
    const response = await Promise.race([handle(new Request(url, init)), hungUp])
    if (!response.body) return response
    const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>(), { signal })
    return new Response(body, response)
  }
}
