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

/** Reports an error that nobody expected, where the process has such things reported. */
export function report(error: unknown): void {
  tell(error)
}

/** Has all errors from now on reported to a function of the program's: a process has one place for them. */
export function reportTo(place: (error: unknown) => void): void {
  tell = place
}

let tell = (error: unknown): void => {
  // As the browser does with one that nobody caught.
  if (typeof reportError === 'function') reportError(error)
  // Node has no such function.
  // oxlint-disable-next-line no-console
  else console.error(error)
}
