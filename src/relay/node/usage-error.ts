/** A mistake of the person who started Weir: one clear line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
