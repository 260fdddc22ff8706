/**
 * Who asked for something. The id of a browser is public: it tells one from another and opens nothing. The
 * session by which a page is told things is a secret, and stands nowhere.
 */
export type Author =
  | { kind: 'page'; id: string }
  /** Whatever uses the API without naming itself. */
  | { kind: 'script' }
  /** A task was to be cancelled so many ms after somebody set the limit. */
  | { kind: 'weir'; reason: 'time-limit'; afterMs: number }
  /** Nobody watched a device's stream for as long as it was to be kept. */
  | { kind: 'weir'; reason: 'unwatched' }

export const SCRIPT: Author = { kind: 'script' }
