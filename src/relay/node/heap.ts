import { setFlagsFromString } from 'node:v8'

/** The heap may grow by so many percent of what lives before V8 collects again. */
export const GROWING = '--heap-growing-percent=40'

/**
 * Has memory follow what is kept. By itself V8 lets what is dead grow to a multiple of what lives before it collects all
 * of it: Weir, which keeps 100 MB, stood at 470 after nine minutes of 1,000 events a second.
 */
export function keepHeapSmall(): void {
  setFlagsFromString(GROWING)
}
