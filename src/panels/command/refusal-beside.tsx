import { Suspense, type ComponentProps } from 'react'
import { lazySoon } from '#ui/lazy-soon.ts'
import type { RefusalNote as Loaded } from './refusal-note.tsx'

const RefusalNote = lazySoon(async () => (await import('./refusal-note.tsx')).RefusalNote)

/** What became of a command beside its control; what draws it comes after the first load. */
export function RefusalBeside(props: ComponentProps<typeof Loaded>) {
  return (
    <Suspense>
      <RefusalNote {...props} />
    </Suspense>
  )
}
