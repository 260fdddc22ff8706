/** `12345` as `12,345`: the same on both sides, whatever their locale. */
export function grouped(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}
