/** How a fault of Weir's own is said on the one thing that it is at. */
export function ownFault(error: unknown): string {
  return `a fault of Weir's own: ${String(error).replaceAll(/\s+/g, ' ').slice(0, 500)}`
}
