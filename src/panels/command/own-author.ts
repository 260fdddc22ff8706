import { randomId } from '#lib/random-id.ts'
import { AUTHOR_ID } from '#protocols/weir/author-header.ts'

const KEY = 'weir:author'
let own: string | null = null

/**
 * The public id of this browser, the same in all its tabs and windows. Where nothing may be kept (some private
 * windows) it is this page's own, until it is reloaded.
 */
export function ownAuthor(): string {
  try {
    const kept = localStorage.getItem(KEY)
    if (kept !== null && AUTHOR_ID.test(kept)) return (own = kept)
    own ??= randomId()
    localStorage.setItem(KEY, own)
  } catch {
    own ??= randomId()
  }
  return own
}
