import { reloadPage } from '#lib/drafts.ts'
import { useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import { LazyModule } from '#lib/lazy-module.ts'
import type { ChunkFault } from '#lib/load-chunk.ts'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'
import { useAnswering } from './waiting.tsx'

/** A screen that is not there yet stands behind the one before for so long, ms: most come within it. */
const HELD_MS = 300

interface LazyOptions<P> {
  /** Shown while it loads; nothing where it is absent. */
  waiting?: ReactNode | ((props: P) => ReactNode)
  /**
   * Where it is said that it cannot be had: on the whole `screen`, in a `line`, `over` the page; null: nowhere, what
   * is shown meanwhile does.
   */
  place?: 'screen' | 'line' | 'over' | null
}

/**
 * A part of the page that is no part of its first load. It is fetched when the page is idle, and what was fetched
 * is drawn at once. Where it cannot be had the page says so in its place, and draws it as soon as it can.
 */
export function lazyPart<P extends object>(
  load: () => Promise<ComponentType<P>>,
  { waiting = null, place = 'line' }: LazyOptions<P> = {},
): ((props: P) => ReactNode) & { preload(): Promise<void> } {
  const module = new LazyModule(load)
  const Part = (props: P) => {
    const { value: Loaded, fault } = useSyncExternalStore(module.subscribe, module.state)
    const isAnswering = useAnswering()
    const isThere = Loaded !== null
    useEffect(() => (isThere ? undefined : module.want()), [isThere])
    if (Loaded) return <Loaded {...props} />
    if (place === null || (fault === null && isAnswering))
      return typeof waiting === 'function' ? waiting(props) : waiting
    return <NotThere place={place} fault={fault ?? 'away'} />
  }
  /** For the router, which shows the screen once this has resolved. */
  Part.preload = () =>
    Promise.race([
      module.load().then(
        () => undefined,
        () => undefined,
      ),
      new Promise<void>((resolve) => setTimeout(resolve, HELD_MS)),
    ])
  return Part
}

const OVER =
  'fixed inset-x-4 bottom-4 z-40 mx-auto w-fit max-w-full rounded-lg border border-line2 bg-raise px-3 shadow-cast2'

function NotThere(props: { place: 'screen' | 'line' | 'over'; fault: ChunkFault }) {
  const isGone = props.fault === 'gone'
  const title = isGone ? 'Weir was updated' : 'Opens when Weir is back'
  const reload = isGone && (
    <Button small={props.place !== 'screen'} icon="refresh" onClick={reloadPage}>
      Reload
    </Button>
  )
  if (props.place === 'screen')
    return (
      <div role="status" className="p-4">
        <EmptyState level={1} icon="unlink" title={title} actions={reload}>
          {isGone
            ? 'This screen is there for its new version only. Reload the page; what you typed is kept.'
            : 'The page does not have this screen yet, and Weir does not give it now. It opens by itself as soon as Weir does.'}
        </EmptyState>
      </div>
    )
  return (
    <div
      role="status"
      className={`flex items-center gap-2 py-2 text-mute ${props.place === 'over' ? OVER : 'px-3'}`}
    >
      {title}
      {isGone && ': reload the page to go on; what you typed is kept.'}
      {reload}
    </div>
  )
}
