/** A mistake of the person who started Weir: one clear line, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Why Weir cannot run here and now, with what to do about it: one clear line, exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
