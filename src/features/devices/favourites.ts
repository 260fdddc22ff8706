import { createStored } from '#ui/stored.ts'

/** A method that is pinned on its device's card. */
export interface Favourite {
  name: string
  /** It can be called as it is: nothing has to be filled in. */
  ready: boolean
}

/** Pinned methods by device, `SOURCE/ID`. */
export const favourites = createStored<Readonly<Record<string, readonly Favourite[]>>>(
  'weir:favourite-methods',
  {},
  (kept) =>
    Object.fromEntries(
      Object.entries(kept as object).map(([key, list]) => [
        key,
        (Array.isArray(list) ? (list as unknown[]) : []).flatMap((each) => {
          const { name, ready } = each as Partial<Favourite>
          return typeof name === 'string' ? [{ name, ready: ready === true }] : []
        }),
      ]),
    ),
)

const AT_MOST = 6

/** The list with a method pinned, or no longer; what was pinned first goes when there are too many. */
export function toggleFavourite(list: readonly Favourite[], method: Favourite): readonly Favourite[] {
  return list.some(({ name }) => name === method.name)
    ? list.filter(({ name }) => name !== method.name)
    : [...list, method].slice(-AT_MOST)
}
