const KEY = 'weir:sessions'
const KEPT = 100

/** Remembers a page's session, so that after a reload its commands are still this browser's. */
export function rememberSession(session: string): void {
  const known = knownSessions()
  if (known.includes(session)) return
  try {
    localStorage.setItem(KEY, JSON.stringify([...known, session].slice(-KEPT)))
  } catch {
    // Storage may be blocked: the page knows itself at least.
  }
}

/** Sessions of pages of this browser, oldest first. */
export function knownSessions(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    if (Array.isArray(kept)) return kept.filter((each) => typeof each === 'string')
  } catch {
    // Blocked, or not ours.
  }
  return []
}
