/** What of the record stays in memory. Where nothing is kept elsewhere, what goes is gone. */
export interface RecordLimits {
  /** Characters of JSON of the newest events, all topics together. */
  tail: number
  /** Ended topics of a kind; those that ended longest ago go first. */
  ended: number
  linesPerTopic: number
  /** Bytes of log text per topic, and for all topics together. */
  logPerTopic: number
  logInAll: number
}

export const DEFAULT_LIMITS: RecordLimits = {
  tail: 64_000_000,
  ended: 2_000,
  linesPerTopic: 2_000_000,
  logPerTopic: 256 * 1024 * 1024,
  logInAll: 768 * 1024 * 1024,
}

/**
 * Where the record lasts, memory is a cache, and Weir as a whole is to stay within 350 MB: what a program of Node takes
 * by itself with its two threads for the disk (about 120), new objects (48: what Node gives them), the tail (16, or 32
 * where texts are not Latin), lines (24), samples (5 million points of 16 bytes: 80), rows and states of topics.
 */
export const CACHE_LIMITS: RecordLimits = {
  ...DEFAULT_LIMITS,
  tail: 16_000_000,
  ended: 300,
  logInAll: 24 * 1024 * 1024,
}
