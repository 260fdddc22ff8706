import { lazy, type ComponentType, type LazyExoticComponent } from 'react'

const soon = new Set<() => Promise<unknown>>()

/**
 * A part of the page that is no part of its first load, but is fetched as soon as that has been shown: it has to open
 * also when the server has gone meanwhile.
 */
export function lazySoon<P extends object>(
  load: () => Promise<ComponentType<P>>,
): LazyExoticComponent<ComponentType<P>> {
  let loading: Promise<{ default: ComponentType<P> }> | undefined
  const once = () =>
    (loading ??= load().then(
      (component) => ({ default: component }),
      (error: unknown) => {
        loading = undefined
        throw error
      },
    ))
  soon.add(once)
  return lazy(once)
}

/** Fetches those parts; one that cannot be had is tried again when it is needed. */
export function loadSoon(): void {
  for (const once of soon) void once().catch(() => undefined)
}
