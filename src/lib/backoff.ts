/** How long is waited between tries, ms: at first, and at most. */
export interface BackOff {
  first: number
  most: number
}

/** The wait after a try that failed, ms: twice as long each time. @param failed tries in a row that failed before it */
export function backOffMs({ first, most }: BackOff, failed: number): number {
  return Math.min(most, first * 2 ** failed)
}
