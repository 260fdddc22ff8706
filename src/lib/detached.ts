/** A copy that shares no memory: engines make slices point into the string they were taken from. */
export function detached(text: string): string {
  return ` ${text}`.slice(1)
}

/** The beginning of a text that may be of any size, and nothing else of what it was cut from. */
export function bounded(text: string, longest: number): string {
  return detached(text.length <= longest ? text : `${text.slice(0, longest - 1)}…`)
}
