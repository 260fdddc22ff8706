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
  const since = useOutageStart()
  const outdated = useRelayState((state) => state.outdated)
  const restartedAt = useRelayState((state) => state.restartedAt)
  const streams = useStreams()
  const back = useJustBack(name === 'open')
  return (
    <div role="status" aria-label="Connection" data-relay-state={name}>
      {(name === 'reconnecting' || name === 'lost') && (
        <Banner
          tone={name === 'lost' ? 'bad' : 'warn'}
          icon={name === 'lost' ? 'unlink' : 'spinner'}
          turning={name === 'reconnecting'}
          actions={
            <Button
              small
              onClick={() => {
                streams.wake()
              }}
            >
              Try now
            </Button>
          }
        >
          {name === 'lost' ? 'Weir has not answered since ' : 'Reconnecting to Weir since '}
          <Time at={since} />. What you see is as of then. While Weir runs it goes on recording, and this page
          catches up by itself.
        </Banner>
      )}
      {name === 'open' && back && (
        <Banner tone="ok" icon="check">
          Reconnected
        </Banner>
      )}
      {name === 'open' && restartedAt !== null && (
        <Banner
          tone="warn"
          icon="warning"
          actions={
            <Button
              small
              onClick={() => {
                streams.acceptRestart()
              }}
            >
              Dismiss
            </Button>
          }
        >
          Weir was restarted: since <Time at={restartedAt} /> its record begins anew. Commands, logs and
          samples of before are no longer in it.
        </Banner>
      )}
      {name === 'open' && outdated && (
        <Banner
          tone="run"
          actions={
            <Button
              small
              icon="refresh"
              onClick={() => {
                location.reload()
              }}
            >
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

/** `lost` follows `reconnecting`: the outage began with the first of them. */
function useOutageStart(): number {
  const name = useRelayState((state) => state.name)
  const since = useRelayState((state) => state.since)
  const [start, setStart] = useState({ name, since })
  const out = name === 'reconnecting' || name === 'lost'
  const wasOut = start.name === 'reconnecting' || start.name === 'lost'
  if (name !== start.name) setStart({ name, since: out && wasOut ? start.since : since })
  return start.since
}
