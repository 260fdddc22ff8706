/** `out`: what the task said; `gap`: a hole; `error`, `note`: Weir's own words. The number is the wire code. */
export const LOG_LINE_KINDS = ['out', 'gap', 'error', 'note'] as const
export type LogLineKind = (typeof LOG_LINE_KINDS)[number]

export interface LogLine {
  /** ms since epoch. */
  at: number
  kind: LogLineKind
  text: string
}
