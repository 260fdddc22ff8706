const told = new WeakSet<object>()

/**
 * Runs something that must not stop what comes after it, and reports what it throws: the first time of each
 * `who`, since what fails in every frame would otherwise fill the console.
 */
export function isolate(who: object, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (told.has(who)) return
    told.add(who)
    report(error)
  }
}

/** Lets work go on beside what follows; what it fails with is reported, and ends nothing else. */
export function inBackground(work: Promise<unknown>): void {
  work.catch(report)
}

/** Calls all listeners, whatever one of them throws. */
export function callAll(listeners: Iterable<() => void>): void {
  for (const listener of listeners) isolate(listener, listener)
}

/** Reports an error as the browser does one that nobody caught. */
export function report(error: unknown): void {
  if (typeof reportError === 'function') reportError(error)
  // Node has no such function.
  // oxlint-disable-next-line no-console
  else console.error(error)
}
