/*
 * Where a call of the official SDK's proxy protocol wants to go (inference.sh wire contract §15).
 */

export const TARGET_HEADER = 'x-inf-target-url'
export const TARGET_PARAMETER = '__inf_target'

/** The statuses are the official proxy's: its clients know a refused host by 412. */
export type ProxyTarget = { ok: true; url: URL } | { ok: false; status: 400 | 412; error: string }

/**
 * The target of a proxied call: from the header, else from the query, decoded once. Only inference.sh itself
 * over https, and what `allowed` adds (an emulator, say), is a target.
 */
export function proxyTarget(
  header: string | null,
  url: string | URL,
  allowed: (target: URL) => boolean = () => false,
): ProxyTarget {
  const named = header || new URL(url, 'http://weir.invalid').searchParams.get(TARGET_PARAMETER)
  if (!named) return { ok: false, status: 400, error: 'no target URL given' }
  let target: URL
  try {
    target = new URL(named)
  } catch {
    return { ok: false, status: 400, error: 'the target is not a URL' }
  }
  if (!isOfficial(target) && !allowed(target))
    return { ok: false, status: 412, error: `host not allowed: ${target.host || target.protocol}` }
  target.username = ''
  target.password = ''
  target.hash = ''
  return { ok: true, url: target }
}

/** inference.sh or a host below it, over https, on its own port. */
function isOfficial({ protocol, host }: URL): boolean {
  return protocol === 'https:' && /(?:^|\.)inference\.sh$/.test(host)
}
