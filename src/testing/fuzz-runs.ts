/** How many cases a property tries; `WEIR_FUZZ` multiplies it where there is more time than in `npm test`. */
export function fuzzRuns(usual: number): number {
  const factor = typeof process === 'undefined' ? 1 : Number(process.env['WEIR_FUZZ'] ?? 1)
  return Math.max(1, Math.round(usual * factor))
}
