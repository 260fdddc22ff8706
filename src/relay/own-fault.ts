import { bounded } from '#lib/detached.ts'

/** How a fault of Weir's own is said on the one thing that it is at. */
export function ownFault(error: unknown): string {
  return bounded(`a fault of Weir's own: ${String(error).replaceAll(/\s+/g, ' ')}`, 500)
}
