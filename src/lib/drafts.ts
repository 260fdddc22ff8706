import { parseExact, stringifyExact } from './exact-json.ts'

const KEY = 'weir:drafts'

/** What was typed before `reloadPage`, by name, until its form is there again. */
const before = read()
const live = new Map<string, () => unknown>()

/** What was typed under a name before `reloadPage`; undefined where nothing was. It may be of any shape. */
export function draftBefore(name: string): unknown {
  return before.get(name)
}

/**
 * Keeps what is typed over `reloadPage`.
 * @param draft called when the page goes; undefined: nothing was typed
 * @returns ends that: it was sent, or thrown away
 */
export function keepDraft(name: string, draft: () => unknown): () => void {
  before.delete(name)
  live.set(name, draft)
  return () => {
    if (live.get(name) === draft) live.delete(name)
  }
}

/**
 * True where something of before has the shape of a model: the page may be another version by now. Lists and
 * values that the model has none of may be anything.
 */
export function isLike<T>(value: unknown, model: T): value is T {
  if (typeof value !== typeof model || Array.isArray(value) !== Array.isArray(model)) return false
  if (typeof model !== 'object' || model === null || Array.isArray(model)) return model !== null
  return Object.entries(model).every(([key, part]) => isLike((value as Record<string, unknown>)?.[key], part))
}

function read(): Map<string, unknown> {
  try {
    const text = sessionStorage.getItem(KEY)
    sessionStorage.removeItem(KEY)
    return new Map(text === null ? [] : Object.entries(parseExact(text) as Record<string, unknown>))
  } catch {
    // No storage, or not ours.
    return new Map()
  }
}

/** Loads the page anew, say in its new version. What was typed is there again; a reload by the browser begins anew. */
export function reloadPage(): void {
  const drafts = new Map(before)
  for (const [name, draft] of live) {
    const value = draft()
    if (value !== undefined) drafts.set(name, value)
  }
  try {
    if (drafts.size === 0) sessionStorage.removeItem(KEY)
    else sessionStorage.setItem(KEY, stringifyExact(Object.fromEntries(drafts)))
  } catch {
    // Blocked or full: they last as long as the page.
  }
  location.reload()
}
