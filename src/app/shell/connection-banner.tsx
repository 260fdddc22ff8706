import { reloadPage } from '#lib/drafts.ts'
import { useEffect, useState } from 'react'
import { useRelayState, useStreams } from '#streams/react.tsx'
import { Banner } from '#ui/banner.tsx'
import { Button } from '#ui/button.tsx'
import { Time } from '#ui/time.tsx'

const BACK_MS = 3_000

/**
 * The page's own connection: one banner per outage, then "Reconnected" for a moment. The element is always
 * there, so that what changes in it is announced.
 */
export function ConnectionBanner() {
  const name = useRelayState((state) => state.name)
  const asOf = useRelayState((state) => state.asOf)
  const refused = useRelayState((state) => state.refused)
  const share = useRelayState((state) => state.share)
  const outdated = useRelayState((state) => state.outdated)
  const streams = useStreams()
  const back = useJustBack(name === 'open' || name === 'stalled')
  return (
    <div role="status" aria-label="Connection" data-relay-state={name}>
      {share !== null && (
        <Banner
          tone="warn"
          icon="unlink"
          actions={
            <Button
              small
              onClick={() => {
                streams.takeConnection()
              }}
            >
              Take one
            </Button>
          }
        >
          {share === 'given'
            ? 'Another tab took over the connection of this one: what you see stands still.'
            : 'This browser has no connection left for this tab: other tabs of Weir hold them. Close one, or take the connection of another.'}
        </Banner>
      )}
      {refused && (
        <Banner tone="bad" icon="unlink" actions={<TryNow />}>
          This Weir needs its token, and what this browser has is no longer right. Open the URL that Weir
          printed when it started, in any tab of this browser; this page then goes on by itself.
        </Banner>
      )}
      {name === 'stalled' && (
        <Banner tone="warn" icon="spinner" turning>
          No word from Weir since <Time at={asOf ?? streams.now()} />: it may be busy or stopped. What you see
          is as of then.
        </Banner>
      )}
      {(name === 'reconnecting' || name === 'lost') && !refused && share === null && (
        <Banner
          tone={name === 'lost' ? 'bad' : 'warn'}
          icon={name === 'lost' ? 'unlink' : 'spinner'}
          turning={name === 'reconnecting'}
          actions={<TryNow />}
        >
          {name === 'lost' ? 'Weir has not answered since ' : 'Reconnecting to Weir since '}
          <Time at={asOf ?? streams.now()} />. What you see is as of then. While Weir runs it goes on
          recording, and this page catches up by itself.
        </Banner>
      )}
      {name === 'open' && back && (
        <Banner tone="ok" icon="check">
          Reconnected
        </Banner>
      )}
      {name === 'open' && outdated && (
        <Banner
          tone="run"
          actions={
            <Button small icon="refresh" onClick={reloadPage}>
              Reload
            </Button>
          }
        >
          Weir was updated. Reload this page to get the same version.
        </Banner>
      )}
    </div>
  )
}

function TryNow() {
  const streams = useStreams()
  return (
    <Button
      small
      onClick={() => {
        streams.wake()
      }}
    >
      Try now
    </Button>
  )
}

/** True for a moment after the connection came back; never after the first time. */
function useJustBack(open: boolean): boolean {
  const [was, setWas] = useState<{ open: boolean; ever: boolean; back: boolean }>({
    open,
    ever: open,
    back: false,
  })
  if (was.open !== open) setWas({ open, ever: was.ever || open, back: open && was.ever })
  const { back } = was
  useEffect(() => {
    if (!back) return
    const timer = setTimeout(() => {
      setWas((state) => ({ ...state, back: false }))
    }, BACK_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [back])
  return back
}
