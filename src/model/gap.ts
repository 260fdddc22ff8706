export type GapCause =
  /** The relay began to listen after the task had begun. */
  | 'late'
  /** The source dropped events: its counter jumped. */
  | 'dropped'
  /** The stream was cut or had to be reopened. */
  | 'disconnected'
  /** The source restarted. */
  | 'restarted'
  /** Weir's own bounds (journal, log) let go of the oldest part. */
  | 'evicted'
  /** A message could not be read. */
  | 'malformed'
  /** Weir itself was not running. */
  | 'weir-away'

/** A range known or suspected to be missing, with its cause. */
export interface Gap {
  /** When it was noticed, ms since epoch. */
  at: number
  /** What it spans, ms since epoch, where that is known. */
  from?: number
  to?: number
  cause: GapCause
  /** The same in words: "steps 10 to 24 not received". */
  text: string
  /** Number of missing steps, where the source counts; null when unknown. */
  missed: number | null
}
