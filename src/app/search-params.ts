/** Search parameters are plain strings, as people type and read them: `?status=running,failed&q=sweep`. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search))
    if (value !== undefined && value !== null && value !== '')
      params.set(key, typeof value === 'string' ? value : JSON.stringify(value))
  const text = params.toString()
  // Commas, slashes and colons are allowed there and are easier to read as they are.
  return text && `?${text.replace(/%2C/gi, ',').replace(/%2F/gi, '/').replace(/%3A/gi, ':')}`
}

/** Keeps named parameters that are strings. */
export function pickStrings<K extends string>(
  raw: Record<string, unknown>,
  keys: readonly K[],
): { [P in K]?: string } {
  const picked: { [P in K]?: string } = {}
  for (const key of keys) {
    const value = raw[key]
    if (typeof value === 'string' && value !== '') picked[key] = value
  }
  return picked
}
