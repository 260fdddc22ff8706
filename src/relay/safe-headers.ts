/*
 * Headers of every answer that is data: whatever it holds, a browser must not take it for a page, a script or
 * a frame of Weir's origin, nor keep a copy.
 */

const DATA_HEADERS = {
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
} as const

/** Adds what an answer of the API does not say itself. */
export function secureData(headers: Headers): void {
  for (const [name, value] of Object.entries(DATA_HEADERS)) if (!headers.has(name)) headers.set(name, value)
}

/**
 * What a browser may want an answer of the API for (`Sec-Fetch-Dest`): to read it in a script, to show it to a
 * person who opened its address, or to draw it. Never as code, style or frame.
 */
const DESTINATIONS = new Set(['empty', 'document', 'image', 'video', 'audio', 'track'])

/** True where a browser wants to run or embed an answer that is only data. */
export function wantsCode(request: Request): boolean {
  const destination = request.headers.get('sec-fetch-dest')
  return destination !== null && !DESTINATIONS.has(destination)
}
