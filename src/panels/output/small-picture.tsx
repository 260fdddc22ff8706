import type { ComponentProps } from 'react'
import { lazyPart } from '#ui/lazy-part.tsx'
import type { Thumbnail as Loaded } from './thumbnail.tsx'

/** A thumbnail for lists: its place is there at once, what draws it comes after the first load. */
export const SmallPicture = lazyPart<ComponentProps<typeof Loaded>>(
  async () => (await import('./thumbnail.tsx')).Thumbnail,
  { waiting: ({ className }) => <span className={className} />, place: null },
)
