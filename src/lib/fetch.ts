/**
 * The way to a server. URL and options, not a Request: Node 20 loses track of the signal of a Request that
 * nobody holds any more, and a stream could no longer be hung up on.
 */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>
