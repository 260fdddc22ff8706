/**
 * Where a fact comes from. `stream` and `poll` were reported by the source, `command` was asked for by a
 * person (the source cannot confirm it), `inferred` is Weir's own conclusion.
 */
export type Origin = 'stream' | 'poll' | 'command' | 'inferred'
