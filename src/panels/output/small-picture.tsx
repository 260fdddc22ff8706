import { Suspense, type ComponentProps } from 'react'
import { lazySoon } from '#ui/lazy-soon.ts'
import type { Thumbnail as Loaded } from './thumbnail.tsx'

const Thumbnail = lazySoon(async () => (await import('./thumbnail.tsx')).Thumbnail)

/** A thumbnail for lists: its place is there at once, what draws it comes after the first load. */
export function SmallPicture(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense fallback={<span className={props.className} />}>
      <Thumbnail {...props} />
    </Suspense>
  )
}
